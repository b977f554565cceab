using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Sending;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Wats;

/// <summary>What is going to be posted is written down before it is.</summary>
public class SendingJournalTests
{
    [Fact]
    public async Task Every_report_is_in_the_journal_before_it_is_posted_and_a_batch_has_at_most_40()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var journal = new Journal { Before = batch => Assert.DoesNotContain(batch, r => server.Store.Ids.Contains(r.Id!.Value)) };
        var reports = SendingParts.Reports(200, units: 7);
        var (_, failure) = await SendingParts.SendAsync(client, reports, new SendOptions { ThrottleLimit = 8, BeforePost = journal });
        Assert.Null(failure);
        Assert.Equal(reports.Select(r => r.Id), journal.Batches.SelectMany(b => b).Select(r => r.Id));
        Assert.All(journal.Batches, b => Assert.InRange(b.Count, 1, 40));
    }

    [Fact]
    public async Task What_is_skipped_or_only_looked_at_is_not_in_the_journal()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(60);
        await SendingParts.SendAsync(client, reports[..50], new SendOptions());
        var journal = new Journal();
        await SendingParts.SendAsync(client, reports, new SendOptions { WhatIf = true, BeforePost = journal });
        Assert.Empty(journal.Batches);
        await SendingParts.SendAsync(client, reports, new SendOptions { BeforePost = journal });
        Assert.Equal(reports[50..].Select(r => r.Id), journal.Batches.SelectMany(b => b).Select(r => r.Id));
    }

    [Fact]
    public async Task The_journal_is_told_what_became_of_each_post_and_then_that_the_sending_has_ended()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(60);
        await SendingParts.SendAsync(client, reports[..20], new SendOptions());
        var journal = new Journal();
        await SendingParts.SendAsync(client, reports, new SendOptions { BeforePost = journal });
        Assert.Equal(reports[20..].Select(r => (r.Id!.Value, RunOutcome.Sent)).Order(), journal.Known.Order());
        Assert.Equal(40, journal.KnownAtEnd);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_written_stops_the_sending_before_the_batch_is_posted()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var full = new VteWatsException(ErrorKind.StateNotWritable, "The disk is full.", "Make room.");
        var journal = new Journal();
        journal.Before = _ => { if (journal.Batches.Count > 1) throw full; };
        var (receipts, failure) = await SendingParts.SendAsync(client, SendingParts.Reports(200), new SendOptions { BeforePost = journal });
        Assert.Same(full, failure);
        Assert.Equal(server.Store.Ids.Order(), receipts.Select(r => r.RunId).Order());
        Assert.InRange(receipts.Count, 1, 40);
    }

    [Fact]
    public async Task A_receipt_carries_the_mark_and_the_start_of_its_run()
    {
        await using var server = await SandboxServer.StartAsync();
        using var client = SendingParts.Client(server);
        var reports = SendingParts.Reports(3, withRuns: true);
        var (receipts, _) = await SendingParts.SendAsync(client, reports, new SendOptions());
        Assert.Equal(reports.Select(r => (r.Source!.Mark, (DateTimeOffset?)r.Source.Start, (string?)"Oslo")),
            receipts.Select(r => (r.Mark, r.Start, r.Site)));
        var (unmarked, _) = await SendingParts.SendAsync(client, SendingParts.Reports(1), new SendOptions());
        Assert.Equal((null, reports[0].Start, null), (unmarked[0].Mark, unmarked[0].Start, unmarked[0].Site));
    }

    private sealed class Journal : IPostJournal
    {
        public List<IReadOnlyList<WatsReport>> Batches { get; } = [];
        public List<(Guid, RunOutcome)> Known { get; } = [];
        public int KnownAtEnd { get; private set; }
        public Action<IReadOnlyList<WatsReport>> Before { get; set; } = static _ => { };

        public Task PostingAsync(IReadOnlyList<WatsReport> batch)
        {
            Batches.Add(batch);
            Before(batch);
            return Task.CompletedTask;
        }

        public void Answered(WatsReport report, RunOutcome outcome)
        {
            lock (Known) Known.Add((report.Id!.Value, outcome));
        }

        public Task EndAsync()
        {
            KnownAtEnd = Known.Count;
            return Task.CompletedTask;
        }
    }
}
