using VteWats.Core.Diagnostics;

namespace VteWats.Core.Sync.State;

/// <summary>A lease in the source database, against a sync of the same site on another machine.</summary>
internal interface IDatabaseLease : IAsyncDisposable
{
    /// <summary>To be called before anything is posted or kept.</summary>
    /// <exception cref="VteWatsException"><c>LeaseLost</c>: the session that held it is gone.</exception>
    Task EnsureHeldAsync(CancellationToken ct);
}
