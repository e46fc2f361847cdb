#include "core/auth/request_time.h"

#include "core/base/check.h"

#include <stdbool.h>
#include <time.h>

enum { SECONDS_PER_DAY = 86400 };

struct date {
    int year;
    int month;
    int day;
};

/* The number that `count` digits make, or -1. */
static int digits(const uint8_t *at, size_t count)
{
    int value = 0;
    for (size_t index = 0; index < count; index++) {
        if (at[index] < '0' || at[index] > '9')
            return -1;
        value = 10 * value + (at[index] - '0');
    }
    return value;
}

static bool is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

static bool is_date(struct date date)
{
    return date.year >= 1 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

/* Days since 1970 of a date in the Gregorian calendar. */
static int64_t day_number(struct date date)
{
    int64_t years = date.year - 1;
    int64_t days = 365 * years + years / 4 - years / 100 + years / 400;
    for (int month = 1; month < date.month; month++)
        days += days_in_month(date.year, month);
    enum { DAYS_BEFORE_1970 = 719162 };
    return days + date.day - 1 - DAYS_BEFORE_1970;
}

/* The parts are -1 where there were no digits. */
static enum status combine(struct date date, int hour, int minute, int second, int64_t *out_seconds)
{
    if (!is_date(date))
        return STATUS_INVALID;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return STATUS_INVALID;
    *out_seconds = day_number(date) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
    return STATUS_OK;
}

enum status request_time_parse(struct slice text, int64_t *out_seconds)
{
    const uint8_t *at = text.bytes;
    if (text.size != REQUEST_TIME_SIZE || at[8] != 'T' || at[15] != 'Z')
        return STATUS_INVALID;
    struct date date = {
        .year = digits(at, 4), .month = digits(at + 4, 2), .day = digits(at + 6, 2)};
    return combine(date, digits(at + 9, 2), digits(at + 11, 2), digits(at + 13, 2), out_seconds);
}

/* 1 to 12, or -1. */
static int month_of_name(const uint8_t *at)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int month = 1; month <= 12; month++) {
        if (memcmp(names + 3 * (month - 1), at, 3) == 0)
            return month;
    }
    return -1;
}

enum status request_time_parse_http(struct slice text, int64_t *out_seconds)
{
    static const char shape[] = "???, ?? ??? ???? ??:??:?? GMT";
    const uint8_t *at = text.bytes;
    if (text.size != sizeof shape - 1)
        return STATUS_INVALID;
    for (size_t index = 0; index < text.size; index++) {
        if (shape[index] != '?' && (uint8_t)shape[index] != at[index])
            return STATUS_INVALID;
    }
    struct date date = {
        .year = digits(at + 12, 4), .month = month_of_name(at + 8), .day = digits(at + 5, 2)};
    return combine(date, digits(at + 17, 2), digits(at + 20, 2), digits(at + 23, 2), out_seconds);
}

void request_time_format(int64_t seconds, char out_text[REQUEST_TIME_SIZE + 1])
{
    time_t time = (time_t)seconds;
    struct tm parts;
    CHECK(gmtime_r(&time, &parts) != NULL);
    CHECK(parts.tm_year >= -1900 && parts.tm_year <= 9999 - 1900);
    /* %Y alone would not pad a year below 1000. */
    int year = parts.tm_year + 1900;
    for (int place = 3; place >= 0; place--, year /= 10)
        out_text[place] = (char)('0' + year % 10);
    size_t size = strftime(out_text + 4, REQUEST_TIME_SIZE + 1 - 4, "%m%dT%H%M%SZ", &parts);
    CHECK(size == REQUEST_TIME_SIZE - 4);
}
