using VteWats.Core.Diagnostics;

namespace VteWats.Core.Operating.Endpoints;

/// <summary>Where health, metrics and the status page are served.</summary>
public sealed record EndpointOptions
{
    /// <summary>Port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>Name or address to listen on; <c>*</c> for all of the machine.</summary>
    public string Address { get; init; } = Local;

    /// <summary>What a caller must give, as bearer token or as the password of a browser's log-on; null where nobody else can
    /// call.</summary>
    public string? Token { get; init; }

    /// <summary>This machine only.</summary>
    public const string Local = "localhost";

    /// <summary>True where only this machine can call.</summary>
    public bool IsLocal => Address.ToUpperInvariant() is "LOCALHOST" or "127.0.0.1" or "::1" or "[::1]";

    /// <exception cref="VteWatsException"><c>InvalidArgument</c>: others can call, and nothing keeps them out.</exception>
    public void EnsureSafe()
    {
        if (!IsLocal && string.IsNullOrEmpty(Token)) throw new VteWatsException(
            ErrorKind.InvalidArgument, $"With -HealthAddress {Address} others can call, and nothing keeps them out.",
            "Give -HealthToken. The endpoints speak http: put a reverse proxy with TLS (nginx, IIS, Caddy) in front, or "
            + "leave -HealthAddress out and let that proxy call localhost.", Address);
        if (Address.IndexOfAny(['/', ' ', '@', '?', '#']) >= 0 || Address.Length == 0) throw new VteWatsException(
            ErrorKind.InvalidArgument, $"'{Address}' is not a valid name or address to listen on.",
            "Give a name or address of this machine without port, or * for all.", Address);
    }

    /// <summary>What the listener is given.</summary>
    internal IEnumerable<string> Prefixes()
    {
        var host = Address.Contains(':', StringComparison.Ordinal) && !Address.StartsWith('[') ? $"[{Address}]" : Address;
        yield return FormattableString.Invariant($"http://{host}:{Port}/");
        // On Windows only the name is free for everybody.
        if (Address == Local && !OperatingSystem.IsWindows()) yield return FormattableString.Invariant($"http://127.0.0.1:{Port}/");
    }
}
