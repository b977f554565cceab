using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace VteWats.Core.Vte.Reading;

/// <summary>The connection of one reading, opened again where it broke.</summary>
internal sealed class PageSession : IAsyncDisposable
{
    private readonly VteSource _source;
    private readonly PageStatement _statement;
    private readonly PageReader _reader;
    private readonly PageSize _size;
    private readonly CancellationTokenSource _left = new();
    private DbConnection? _connection;
    private DbCommand? _command;
    private Task _loading = Task.CompletedTask;

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
            var retry = Retry.Page(_source.RetryDelay, FailedAsync);
            return await retry.ExecuteAsync(async token => await OnceAsync(cursor, ids, limit, token).ConfigureAwait(false), both.Token)
                .ConfigureAwait(false);
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

    private async Task<(RunPage Page, int Asked)> OnceAsync(PageCursor? cursor, IReadOnlyList<Guid> ids, int limit,
        CancellationToken ct)
    {
        _connection ??= await _source.Database.ConnectAsync(ct).ConfigureAwait(false);
        _command ??= _source.Database.Command(_connection);
        var (connection, command, take) = (_connection, _command, Math.Min(_size.Runs, limit));
        _statement.Prepare(command, cursor, take, ids);
        try
        {
            var page = await BoundedWork.RunAsync(
                () =>
                {
                    _source.OnExecuting(command);
                    return _reader.Read(command, _statement.Sets, take);
                },
                () => VteDatabase.Stop(command, connection), () => VteDatabase.Drop(connection), _ => connection.Dispose(),
                ct).ConfigureAwait(false);
            _size.Learn(page.Keys, page.Rows, page.Bytes);
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

    private async ValueTask FailedAsync(Exception failure)
    {
        if (SqlTransience.IsTimeout(failure)) _size.Shrink();
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
