namespace VteWats.Core.Wats.Client;

/// <summary>Is told of each attempt at a post, so that the sender can follow what the server bears.</summary>
internal interface IAttemptObserver
{
    /// <param name="status">HTTP status; 0 when there was no answer.</param>
    /// <param name="latency">From sending to the whole answer.</param>
    void Attempted(int status, TimeSpan latency);

    /// <summary>Cancelled once the pipeline stops: what is under way may end, and nothing is tried again.</summary>
    CancellationToken Halt { get; }
}
