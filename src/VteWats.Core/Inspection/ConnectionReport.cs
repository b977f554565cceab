using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Inspection;

/// <summary>What a connection to a VTE database shows of the server, the login and its rights.</summary>
public sealed record ConnectionReport
{
    /// <summary>Name of the configured site.</summary>
    public required string Site { get; init; }

    /// <summary><c>SqlServer</c> or <c>Sqlite</c>.</summary>
    public required DatabaseProvider Provider { get; init; }

    /// <summary>Server and instance as the server itself names them; null for a file.</summary>
    public string? Server { get; init; }

    /// <summary>Database, or path of the file.</summary>
    public required string Database { get; init; }

    /// <summary>Version of the database engine.</summary>
    public required string Version { get; init; }

    /// <summary>Edition of SQL Server, such as Express Edition (64-bit); null for a file.</summary>
    public string? Edition { get; init; }

    /// <summary>The login that the server sees; null for a file.</summary>
    public string? Login { get; init; }

    /// <summary>True when the traffic of this connection is encrypted; null for a file, or when the login may not know.</summary>
    public bool? Encrypted { get; init; }

    /// <summary>True when the database lets the reader see rows without waiting for writers.</summary>
    public bool SnapshotIsolation { get; init; }

    /// <summary>VTE tables by logical name that the login may read, whole or in some columns.</summary>
    public IReadOnlyList<string> Readable { get; init; } = [];

    /// <summary>VTE tables by logical name that are there, but that the login may not read.</summary>
    public IReadOnlyList<string> NotReadable { get; init; } = [];

    /// <summary>True when the login could also write test runs: reading is all it needs.</summary>
    public bool MayWrite { get; init; }

    /// <summary>Database's clock minus this computer's, to about half the latency.</summary>
    public TimeSpan ClockDifference { get; init; }

    /// <summary>Median time of a round trip.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Time from nothing to an open connection.</summary>
    public TimeSpan ConnectTime { get; init; }
}
