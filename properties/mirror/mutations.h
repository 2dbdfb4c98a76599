// Mutations: the mirror with one promise broken. Each is a line or two at the place where the promise is kept, asked
// for by its Lie. They are data, so that a run can go through all of them and see each noticed.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "properties/clause.h"

namespace crosstalk::mirror {

// One place in the mirror's code each, in the order of mutations().
enum class Lie : std::uint8_t {
    write_loses_byte,
    late_effect,
    swaps_writes,
    read_twice,
    read_short,
    small_write_torn,
    small_write_short,
    pipe_buf_ignored,
    pipe_buf_excluded,
    end_too_early,
    end_before_data,
    end_never,
    zero_for_again,
    read_never_waits,
    no_sigpipe,
    epipe_with_reader,
    no_epipe,
    capacity_smaller,
    capacity_larger,
    capacity_not_rounded,
    capacity_unlimited,
    shrinks_below_content,
    resizing_loses,
    unread_first_page_only,
    write_wakes_no_reader,
    read_wakes_no_writer,
    closed_writer_wakes_none,
    closed_reader_wakes_none,
    end_wakes_one,
    growth_wakes_none,
    splice_never_wakes,
    splice_keeps,
    tee_takes,
    vmsplice_shifts,
    packets_join,
    packet_rest_stays,
    empty_packet,
    interrupted_after_bytes,
    never_restarts,
    interruption_is_again,
    interruption_untold,
    ignored_interrupts,
    blocked_interrupts,
    continued_is_interrupted,
    no_sigio,
    poll_in_of_nothing,
    poll_out_when_full,
    poll_without_hup,
    poll_only_what_was_asked,
    poll_never_wakes,
    poll_cut_says_0,
    poll_times_out_early,
    flags_only_added,
    fork_copies_descriptions,
    created_close_on_exec,
    duplicate_close_on_exec,
    received_close_on_exec,
    exec_closes_nothing,
    replaced_stays_open,
    closes_the_closed,
    passing_counts_nothing,
    death_closes_nothing,
    higher_numbers,
    half_made_pipe,
    limit_not_kept,
    unknown_flag_passes,
    seeks,
    no_fifo,
    path_limit_differs,
    wait_takes_nothing,
    wait_without_token,
    try_fails_with_token,
    failed_wait_gives,
    wait_times_out_early,
    post_gives_nothing,
    post_gives_two,
    post_wakes_none,
    overflow_passes,
    too_many_tokens,
    value_is_one_less,
    count_comes_late,
    death_gives_back,
    exclusive_ignored,
    open_makes,
    second_maker_sets_value,
    address_differs,
    unlink_keeps_name,
    unlink_empties,
    any_name,
    modes_ignored,
    // Memory.
    store_is_lost,
    load_sees_before,
    word_by_halves,
    word_first,
    page_written_back,
    private_store_leaks,
    fork_loses_private,
    fork_copies_shared,
    anonymous_is_rubbish,
    growth_is_rubbish,
    cut_off_stays,
    beyond_end_passes,
    last_page_missing,
    tail_lengthens,
    read_only_passes,
    protect_passes,
    any_mapping,
    any_access_maps,
    no_replace_replaces,
    fixed_elsewhere,
    unmapped_fails,
    any_sync,
    locked_syncs,
    advice_loses,
    hole_too_wide,
    loan_passes,
    read_misses_stores,
    negative_length,
    open_empties_not,
    slash_opens,
    several_are_first,
    memory_keeps_name,
    old_object_opened,
    left_alone_empties,
    unlink_clears,
    death_undoes,
    umask_ignored,
    higher_number_of_memory,
    memory_stays_on_exec,
    two_owners,
    unlock_wakes_none,
    death_untold,
    death_keeps_lock,
    robust_writes_beside,
    fact_missing,
};

struct Mutation {
    Lie lie;
    std::string_view id;     // kebab-case
    std::string_view about;  // what the system does instead
    std::array<ClauseId, 4>
        clauses;  // those that it breaks: any of them may be the one that a case shows; or no_clause
    bool breaks(ClauseId clause) const {
        for (const ClauseId each : clauses)
            if (each == clause && clause != no_clause) return true;
        return false;
    }
};

std::span<const Mutation> mutations();

}  // namespace crosstalk::mirror
