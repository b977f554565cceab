namespace VteWats.Core.Wats.Client;

/// <summary>The WATS server and how it is spoken to.</summary>
public sealed record WatsOptions
{
    /// <summary>Base URL, with or without a trailing <c>/api</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>True to send the token over http, readable for everybody on the way. To this machine itself it may be sent
    /// anyhow.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Reference to the token: <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:VAULT/NAME</c>.</summary>
    public string? Token { get; init; }

    /// <summary>Day on which the token runs out, such as 2027-01-31: health warns before it.</summary>
    public string? TokenExpires { get; init; }

    /// <summary>Posts at once, 1 to 64.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>Requests a minute to the server with this token from this process; 0 for no limit.</summary>
    public int RequestsPerMinute { get; init; } = 500;

    /// <summary>Seconds one request may take, 1 to 600.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>Attempts for one request in all, 1 to 20.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>Seconds that one report may take with all its attempts and pauses, 1 to 86400.</summary>
    public int TotalTimeoutSeconds { get; init; } = 300;

    /// <summary><c>system</c> (the default), <c>none</c>, or the URL of a proxy.</summary>
    public string? Proxy { get; init; }

    public string? ProxyUserName { get; init; }

    /// <summary>Reference to the proxy's password.</summary>
    public string? ProxyPassword { get; init; }

    /// <summary>Share of the last 200 runs (0 to 1) that may be refused, by the mapping or by WATS; from it on, and from 20 refused
    /// runs on, the pipeline stops. 0 for never.</summary>
    public double MassRejectionShare { get; init; } = 0.5;
}
