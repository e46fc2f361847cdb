/*
 * simulate: runs a region under faults, seed after seed, and says which seeds went wrong.
 */
#include "core/base/check.h"
#include "tests/sim/simulate/simulation.h"

#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "simulate --seed N [--trace]          runs one seed\n"
    "simulate --seconds S [--from N]      runs seeds for so long, from N or a random one on\n"
    "simulate --seeds N [--from N]        runs so many\n"
    "  --twice                            runs each twice, which must come to the same\n"
    "  --fault NAME                       plants a mistake: acknowledges-before-sync,\n"
    "                                     replays-leftovers, answers-before-predecessor\n"
    "                                     or pages-miss-overlay\n"
    "  --expect-violation                 succeeds when, and ends as soon as, a seed goes wrong\n";

struct arguments {
    uint64_t from;
    uint64_t seed_count; /* 0: until the time is up */
    uint64_t seconds;
    enum simulation_fault fault;
    bool traces;
    bool runs_twice;
    bool expects_violation;
};

struct totals {
    uint64_t seed_count;
    uint64_t violation_count;
    uint64_t event_count;
    uint64_t operation_count;
    uint64_t executed_count;
    uint64_t simulated_us;
};

/* For the handler of a CHECK that fails, which has nobody else to ask. */
static volatile uint64_t seed_under_way;

static void on_abort(int signal_number)
{
    char line[64];
    int size = snprintf(line, sizeof line, "seed %" PRIu64 " stopped the program\n",
                        (uint64_t)seed_under_way);
    if (write(STDERR_FILENO, line, (size_t)size) < 0)
        _exit(2);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static uint64_t now_us(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t number_of(const char *text)
{
    char *end;
    uint64_t number = strtoull(text, &end, 10);
    if (*text == '\0' || *end != '\0') {
        fputs(usage, stderr);
        exit(2);
    }
    return number;
}

static struct arguments arguments_take(int count, char **texts)
{
    enum { SEED = 1, SEEDS, SECONDS, FROM, TRACE, TWICE, FAULT, EXPECT };
    static const struct option known[] = {
        {"seed", required_argument, NULL, SEED},
        {"seeds", required_argument, NULL, SEEDS},
        {"seconds", required_argument, NULL, SECONDS},
        {"from", required_argument, NULL, FROM},
        {"trace", no_argument, NULL, TRACE},
        {"twice", no_argument, NULL, TWICE},
        {"fault", required_argument, NULL, FAULT},
        {"expect-violation", no_argument, NULL, EXPECT},
        {0},
    };
    struct arguments arguments = {.from = (uint64_t)time(NULL) * 1000};
    int option;
    while ((option = getopt_long(count, texts, "", known, NULL)) != -1) {
        switch (option) {
        case SEED:
            arguments.from = number_of(optarg);
            arguments.seed_count = 1;
            break;
        case SEEDS:
            arguments.seed_count = number_of(optarg);
            break;
        case SECONDS:
            arguments.seconds = number_of(optarg);
            break;
        case FROM:
            arguments.from = number_of(optarg);
            break;
        case TRACE:
            arguments.traces = true;
            break;
        case TWICE:
            arguments.runs_twice = true;
            break;
        case FAULT:
            arguments.fault = simulation_fault_of_name(optarg);
            break;
        case EXPECT:
            arguments.expects_violation = true;
            break;
        default:
            arguments.fault = SIMULATION_FAULT_COUNT;
        }
    }
    bool is_bounded = arguments.seed_count > 0 || arguments.seconds > 0;
    if (optind < count || !is_bounded || arguments.fault == SIMULATION_FAULT_COUNT) {
        fputs(usage, stderr);
        exit(2);
    }
    return arguments;
}

static void again_check(const struct simulation_options *options, struct simulation_report *report)
{
    struct simulation_report again;
    simulation_run(options, &again);
    if (again.digest != report->digest || again.event_count != report->event_count)
        findings_add(&report->findings, "a second run of the seed went another way");
    findings_deinit(&again.findings);
}

/* False when the seed went wrong. */
static bool seed_run(const struct arguments *arguments, uint64_t seed, struct totals *totals)
{
    struct simulation_options options = {
        .seed = seed, .fault = arguments->fault, .trace = arguments->traces ? stdout : NULL};
    struct simulation_report report;
    seed_under_way = seed;
    simulation_run(&options, &report);
    if (arguments->runs_twice)
        again_check(&options, &report);
    bool is_right = report.findings.count == 0;
    totals->seed_count++;
    totals->violation_count += !is_right;
    totals->event_count += report.event_count;
    totals->operation_count += report.operation_count;
    totals->executed_count += report.executed_count;
    totals->simulated_us += report.simulated_us;
    if (!is_right)
        printf("seed %" PRIu64 " went wrong:\n%.*s", seed, (int)report.findings.text.size,
               (const char *)report.findings.text.bytes);
    if (arguments->seed_count == 1)
        printf("seed %" PRIu64 " digest %016" PRIx64 "\n", seed, report.digest);
    fflush(stdout);
    findings_deinit(&report.findings);
    return is_right;
}

static void totals_print(const struct totals *totals, uint64_t from, uint64_t took_us)
{
    double seconds = (double)took_us / 1e6;
    printf("simulated %" PRIu64 " seeds, %" PRIu64 " violations\n", totals->seed_count,
           totals->violation_count);
    printf("from seed %" PRIu64 ": %.1f s, %.1f seeds/s; %.1f simulated hours, %" PRIu64
           " operations (%" PRIu64 " executed), %" PRIu64 " events\n",
           from, seconds, (double)totals->seed_count / seconds,
           (double)totals->simulated_us / 3.6e9, totals->operation_count, totals->executed_count,
           totals->event_count);
}

int main(int count, char **texts)
{
    struct arguments arguments = arguments_take(count, texts);
    struct totals totals = {0};
    signal(SIGABRT, on_abort);
    signal(SIGSEGV, on_abort);
    uint64_t start_us = now_us(), took_us = 0;
    for (uint64_t seed = arguments.from;; seed++) {
        bool is_right = seed_run(&arguments, seed, &totals);
        took_us = now_us() - start_us;
        bool is_found = !is_right && arguments.expects_violation;
        bool is_last = arguments.seed_count > 0 && totals.seed_count == arguments.seed_count;
        bool is_late = arguments.seconds > 0 && took_us >= arguments.seconds * 1000000;
        if (is_found || is_last || is_late)
            break;
    }
    totals_print(&totals, arguments.from, took_us);
    return (totals.violation_count > 0) == arguments.expects_violation ? 0 : 1;
}
