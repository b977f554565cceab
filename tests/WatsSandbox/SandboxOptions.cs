namespace VteWats.WatsSandbox;

/// <summary>How the sandbox is set up. What it does wrong on request is in <see cref="SandboxFaults"/>.</summary>
public sealed record SandboxOptions
{
    /// <summary>Port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>The token that is accepted; a random one when absent.</summary>
    public string? Token { get; init; }

    /// <summary>A token that is known but may do nothing: 403.</summary>
    public string? ForbiddenToken { get; init; }

    /// <summary>Serve HTTPS with a certificate that nobody trusts.</summary>
    public bool UntrustedHttps { get; init; }

    /// <summary>Answer a post with the bare object that the OpenAPI text promises instead of the list that servers really send.</summary>
    public bool ObjectAnswer { get; init; }

    /// <summary>Refuse <c>in</c> in a filter, as some say real servers do.</summary>
    public bool RefuseIn { get; init; }

    /// <summary>Longest query string, escaped, in characters; longer ones get 404, as IIS answers.</summary>
    public int MaxQueryLength { get; init; } = 2048;

    /// <summary>Keep the reports themselves. Without it only header, size and hash are kept, so that memory stays small.</summary>
    public bool KeepBodies { get; init; } = true;

    /// <summary>Judge reports by the rule set. Benchmarks of a client may do without.</summary>
    public bool Validate { get; init; } = true;

    /// <summary>How many of the last requests the log keeps.</summary>
    public int KeepRequests { get; init; } = 20_000;

    public IReadOnlyList<SandboxOperation> Processes { get; init; } = SandboxOperation.Usual;

    /// <summary>The server's clock: a start after it is quarantined.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>An operation type. <see cref="State"/> 1 is active.</summary>
public sealed record SandboxOperation(int Code, string Name, bool IsTest, bool IsRepair = false, bool IsWip = false, int State = 1)
{
    public static readonly IReadOnlyList<SandboxOperation> Usual =
    [
        new(10, "In-circuit test", IsTest: true),
        new(50, "PCBA test", IsTest: true),
        new(90, "Burn In test", IsTest: true),
        new(100, "End of line test", IsTest: true),
        new(110, "Calibration", IsTest: true),
        new(120, "Old functional test", IsTest: true, State: 0),
        new(200, "Assembly", IsTest: false, IsWip: true),
        new(500, "Repair", IsTest: false, IsRepair: true),
        new(510, "RMA repair", IsTest: false, IsRepair: true),
    ];
}
