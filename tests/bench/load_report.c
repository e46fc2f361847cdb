#include "tests/bench/load_report.h"

#include <stdio.h>
#include <string.h>

/* Whoever sees errors wants to know what they say, once or twice. */
enum { COMPLAINTS_MAX = 5, COMPLAINT_SIZE_MAX = 300 };

static void complain(const struct load_report *report, const struct http_load_answer *answer)
{
    uint64_t complaint_count = report->wrong_count;
    for (size_t i = 0; i < REPORT_STATUS_CODES; i++)
        complaint_count += i == 200 ? 0 : report->status_counts[i];
    if (complaint_count > COMPLAINTS_MAX)
        return;
    size_t size = answer->body.size < COMPLAINT_SIZE_MAX ? answer->body.size : COMPLAINT_SIZE_MAX;
    fprintf(stderr, "dynamo_load: status %u: %.*s\n", answer->status_code, (int)size,
            (const char *)answer->body.bytes);
}

void load_report_add(struct load_report *report, enum dynamo_operation operation,
                     const struct http_load_answer *answer, bool is_right)
{
    bool is_fine = answer->status_code == 200;
    latency_add(&report->latencies[operation], answer->latency_ns);
    report->status_counts[answer->status_code < REPORT_STATUS_CODES ? answer->status_code : 0]++;
    report->wrong_count += is_fine && !is_right;
    if (!is_fine || !is_right)
        complain(report, answer);
}

static void print_latencies(const struct latency *latencies)
{
    for (size_t i = 0; i < DYNAMO_OPERATION_COUNT; i++) {
        const struct latency *latency = &latencies[i];
        if (latency->count == 0)
            continue;
        printf(", \"%s\": {\"count\": %llu, \"p50_us\": %.0f, \"p99_us\": %.0f, \"p999_us\": %.0f, "
               "\"longest_us\": %.0f}",
               dynamo_operation_name((enum dynamo_operation)i), (unsigned long long)latency->count,
               latency_percentile_us(latency, 0.5), latency_percentile_us(latency, 0.99),
               latency_percentile_us(latency, 0.999), (double)latency->longest_ns / 1000);
    }
}

static uint64_t interval_end(struct load_report *report)
{
    uint64_t count = 0;
    for (size_t i = 0; i < DYNAMO_OPERATION_COUNT; i++) {
        count += report->latencies[i].count;
        latency_merge(&report->totals[i], &report->latencies[i]);
        memset(&report->latencies[i], 0, sizeof report->latencies[i]);
    }
    return count;
}

void load_report_print_interval(struct load_report *report, double at_seconds,
                                double interval_seconds)
{
    printf("{\"report\": \"interval\", \"at_seconds\": %.0f", at_seconds);
    print_latencies(report->latencies);
    printf(", \"requests_per_second\": %.0f}\n", (double)interval_end(report) / interval_seconds);
    fflush(stdout);
}

static void print_errors(const struct load_report *report)
{
    const char *separator = "";
    printf(", \"errors\": {");
    for (size_t i = 0; i < REPORT_STATUS_CODES; i++) {
        if (i == 200 || report->status_counts[i] == 0)
            continue;
        printf("%s\"%zu\": %llu", separator, i, (unsigned long long)report->status_counts[i]);
        separator = ", ";
    }
    printf("}, \"wrong\": %llu", (unsigned long long)report->wrong_count);
}

void load_report_print_total(struct load_report *report, const struct http_load_result *result)
{
    (void)interval_end(report);
    printf("{\"report\": \"total\", \"requests\": %llu, \"seconds\": %.3f, "
           "\"requests_per_second\": %.0f, \"server_cpu_us\": %.2f, \"client_busy\": %.2f",
           (unsigned long long)result->answer_count, result->seconds, result->requests_per_second,
           result->server_cpu_us, result->client_busy);
    print_latencies(report->totals);
    print_errors(report);
    printf(", \"valid\": %s}\n", load_report_is_valid(report) ? "true" : "false");
}

bool load_report_is_valid(const struct load_report *report)
{
    for (size_t i = 0; i < REPORT_STATUS_CODES; i++)
        if (i != 200 && report->status_counts[i] > 0)
            return false;
    return report->wrong_count == 0;
}
