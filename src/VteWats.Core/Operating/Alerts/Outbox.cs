using System.Diagnostics;
using Dapper;
using VteWats.Core.Diagnostics;
using VteWats.Core.Sync.State;

namespace VteWats.Core.Operating.Alerts;

/// <summary>A way to people.</summary>
internal interface IAlertChannel
{
    /// <summary>Name, as messages of it are kept under.</summary>
    string Name { get; }

    /// <param name="message">The message.</param>
    /// <param name="id">Tells it from others, also when it is sent again.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="VteWatsException">It was not taken.</exception>
    Task SendAsync(AlertMessage message, string id, CancellationToken ct);
}

/// <summary>
/// What waits to be told, in the state. What cannot be sent is sent later, by whichever process comes next: after a minute, then two, up to
/// an hour. A receiver that hangs costs ten seconds of its own channel, and none of any other's.
/// </summary>
internal sealed class Outbox(string stateFolder, IReadOnlyList<IAlertChannel> channels, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    // Longer than an attempt: a process that was killed over it leaves it to another one after that.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    private readonly StateDatabase _database = new(stateFolder);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sends what is due.</summary>
    /// <returns>Why something was not sent; null when all was.</returns>
    /// <exception cref="VteWatsException">The state cannot be read or written.</exception>
    public async Task<VteWatsException?> SendAsync(CancellationToken ct)
    {
        var before = time.GetUtcNow() - Kept;
        _database.Beside(make: false, connection => connection.Execute(StateSql.ForgetOutgoing, new { before = before.UtcTicks }), 0);
        var problems = await Task.WhenAll(channels.Select(channel => SendAsync(channel, ct))).ConfigureAwait(false);
        return problems.FirstOrDefault(problem => problem is not null);
    }

    private async Task<VteWatsException?> SendAsync(IAlertChannel channel, CancellationToken ct)
    {
        await Task.Yield();
        while (!ct.IsCancellationRequested && Next(channel.Name) is { } next)
        {
            var problem = await AttemptAsync(channel, AlertMessage.FromJson(next.Body), next.Id, ct).ConfigureAwait(false);
            if (problem is null)
            {
                _database.Beside(make: false, connection => connection.Execute(StateSql.RemoveOutgoing, new { id = next.Id }), 0);
                continue;
            }
            var pause = TimeSpan.FromMinutes(Math.Min(60, Math.Pow(2, Math.Min(next.Attempts, 10))));
            _database.Beside(make: false, connection => connection.Execute(StateSql.PutOffOutgoing,
                new { id = next.Id, due = (time.GetUtcNow() + pause).UtcTicks, problem = problem.Message }), 0);
            return problem;
        }
        return null;
    }

    /// <summary>One attempt within its patience; why it failed, or null.</summary>
    public async Task<VteWatsException?> AttemptAsync(IAlertChannel channel, AlertMessage message, string id, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            // A library that does not look at the token is left behind.
            await channel.SendAsync(message, id, patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            return null;
        }
        catch (VteWatsException e)
        {
            return e;
        }
        catch (OperationCanceledException)
        {
            return AlertFailures.Make(channel.Name, $"no answer within {Patience.TotalSeconds:0.#} s", null);
        }
        catch (Exception e)
        {
            return AlertFailures.Make(channel.Name, e.Message, e);
        }
    }

    private (string Id, long Attempts, string Body)? Next(string channel) => _database.Beside(make: false, connection =>
    {
        var now = time.GetUtcNow();
        while (connection.QueryFirstOrDefault<(string Id, long Attempts, string Body)?>(
            StateSql.DueOutgoing, new { channel, now = now.UtcTicks }) is { } due)
        {
            // Another process may have taken it meanwhile.
            if (connection.Execute(StateSql.ClaimOutgoing, new { id = due.Id, now = now.UtcTicks, until = (now + Claim).UtcTicks }) == 1)
                return due;
        }
        return ((string, long, string)?)null;
    }, null);
}

/// <summary>Failures of channels.</summary>
internal static class AlertFailures
{
    public static VteWatsException Make(string channel, string why, Exception? inner, string? advice = null) => new(
        ErrorKind.AlertNotSent, $"The alert could not be sent by {channel}: {why.TrimEnd('.')}. It is sent later; the sync itself goes on.",
        advice ?? "Test-VteWatsAlert tries it again and says what is wrong.", channel,
        // An exception that quotes a secret stays outside.
        inner is not null && SecretMask.Scrub(inner.ToString()) == inner.ToString() ? inner : null);
}
