using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.SqlClient;

namespace VteWats.Core.Vte.Reading;

/// <summary>The connection of one reading, opened again where it broke.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    private const int BadRowsOnTrust = 20;
    private const int OthersTried = 3;

    private readonly VteSource _source;
    private readonly PageStatement _statement;
    private readonly PageReader _reader;
    private readonly PageSize _size;
    private readonly CancellationTokenSource _left = new();
    private DbConnection? _connection;
    private DbCommand? _command;
    private Task _loading = Task.CompletedTask;
    private int _trust;

    public PageSession(VteSource source, PageStatement statement, PageReader reader)
    {
        _source = source;
        _statement = statement;
        _reader = reader;
        _size = new PageSize(source.FixedPageSize);
    }

    /// <summary>One page, tried again from the same place until it is complete or cannot be had.</summary>
    public Task<(RunPage Page, int Asked)> Load(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit, CancellationToken ct)
    {
        var loading = LoadAsync(cursor, ids, limit, ct);
        _loading = loading;
        return loading;
    }

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync().ConfigureAwait(false);
        // A page that was read ahead and is not wanted any more; its failure is nobody's concern.
        await _loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync().ConfigureAwait(false);
        _left.Dispose();
    }

    private async Task<(RunPage Page, int Asked)> LoadAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit,
        CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, _left.Token);
        try
        {
            return await BoundedAsync(cursor, ids, limit, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            ct.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception e)
        {
            throw SqlFailures.From(e, _source.Database.Target, opening: _connection is null);
        }
    }

    // Smaller and smaller, until the page keeps its budget and none of its rows is a bad one, or is nothing but that.
    private async Task<(RunPage Page, int Asked)> BoundedAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit,
        CancellationToken ct)
    {
        var retry = Retry.Page(_source.RetryDelay, FailedAsync);
        for (var giant = false; ;)
        {
            try
            {
                var (page, asked) = await retry.ExecuteAsync(
                    async token => await OnceAsync(cursor, ids, limit, giant, token).ConfigureAwait(false), ct).ConfigureAwait(false);
                if (page is not null) return (page, asked);
                // What the page left behind, an unfinished transaction above all, goes with its connection.
                await CloseAsync().ConfigureAwait(false);
                giant = asked == 1;
                _size.Abandon(asked);
            }
            catch (Exception e) when (BadRow.IsCause(e))
            {
                await CloseAsync().ConfigureAwait(false);
                var take = Math.Min(_size.Runs, limit);
                if (take == 1 && await KeyAsync(cursor, ids, ct).ConfigureAwait(false) is { } key)
                {
                    await EnsureOthersAsync(e, ct).ConfigureAwait(false);
                    return (new RunPage([], Behind(key), 1, 0, 0) { Bad = new BadRow(key, e) }, 1);
                }
                _size.Shrink(take, 2);
            }
        }
    }

    // A server may compute what fails for rows that nobody asked for: then one bad row lets every page fail, and the run at hand
    // is not to be blamed. So from time to time another one has to be read to prove that it can be.
    private async Task EnsureOthersAsync(Exception failure, CancellationToken ct)
    {
        if (_trust-- > 0) return;
        if (!await IsAnyReadableAsync(newest: false, ct).ConfigureAwait(false)
            && !await IsAnyReadableAsync(newest: true, ct).ConfigureAwait(false))
            throw SqlFailures.From(failure, _source.Database.Target, opening: false);
        _trust = BadRowsOnTrust;
    }

    private async Task<bool> IsAnyReadableAsync(bool newest, CancellationToken ct)
    {
        var others = _source.OverAll(_reader.HeaderOnly, newest);
        await using (others.ConfigureAwait(false))
        {
            PageCursor? last = null;
            for (var n = 0; n < OthersTried; n++)
            {
                try
                {
                    var (page, _) = await others.OnceAsync(last, [], 1, giant: false, ct).ConfigureAwait(false);
                    if (page is null or { Drafts.Count: > 0 }) return true;
                    last = page.Last;
                }
                catch (Exception e) when (BadRow.IsCause(e))
                {
                    await others.CloseAsync().ConfigureAwait(false);
                    last = await others.KeyAsync(last, [], ct).ConfigureAwait(false) is { } key ? Behind(key) : null;
                }
                if (last is null) return false;
            }
            return false;
        }
    }

    private async Task<(RunPage? Page, int Asked)> OnceAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit, bool giant,
        CancellationToken ct)
    {
        _connection ??= await _source.Database.ConnectAsync(ct).ConfigureAwait(false);
        _command ??= _source.Database.Command(_connection);
        var (connection, command, take) = (_connection, _command, Math.Min(_size.Runs, limit));
        var request = new PageRequest(cursor, take, ids)
        {
            KnowsTwins = _reader.KnowsTwins(cursor), OneTransaction = _source.Database.HasSnapshots,
        };
        var budget = giant ? PageBudget.OfGiant : take == 1 ? PageBudget.OfOneRun(_source.KeptValueBytes)
            : PageBudget.OfRuns(_source.KeptValueBytes);
        _statement.Prepare(command, request);
        var watch = Stopwatch.StartNew();
        try
        {
            var page = await BoundedWork.RunAsync(
                () =>
                {
                    _source.OnExecuting(command);
                    return _reader.Read(command, _statement.Sets, request, budget);
                },
                () => VteDatabase.Stop(command, connection), () => VteDatabase.Drop(connection), _ => connection.Dispose(),
                ct).ConfigureAwait(false);
            if (page is not null) _size.Learn(page.Keys, page.Rows, page.Bytes, page.Wait, watch.Elapsed - page.Wait);
            if (page is { Drafts.Count: > 0 }) _trust = BadRowsOnTrust;
            return (page, take);
        }
        catch (OperationCanceledException)
        {
            // The worker may still be in there: it releases the connection when it ends.
            _connection = null;
            _command = null;
            throw;
        }
    }

    // As it is stored, without a look at anything else of the run; null when the run is gone.
    private Task<PageCursor?> KeyAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, CancellationToken ct) => _source.AskAsync(
        command => _statement.PrepareKey(command, new PageRequest(cursor, 1, ids)),
        reader => reader.Read() ? new PageCursor(reader.GetValue(0), reader.GetValue(1)) : null, ct);

    // No comparison with NULL holds: behind a run without an id come those with one.
    private PageCursor Behind(PageCursor key) => key.Id is DBNull ? key with { Id = _source.LeastKey } : key;

    private async ValueTask FailedAsync(Exception failure)
    {
        if (SqlTransience.IsTimeout(failure)) _size.Shrink(_size.Runs, 4);
        if (_connection is { } broken && failure is SqlException) VteDatabase.Drop(broken);
        await CloseAsync().ConfigureAwait(false);
        _source.OnRetrying(failure);
    }

    private async ValueTask CloseAsync()
    {
        if (_command is not null) await _command.DisposeAsync().ConfigureAwait(false);
        if (_connection is not null) await _connection.DisposeAsync().ConfigureAwait(false);
        _command = null;
        _connection = null;
    }
}
