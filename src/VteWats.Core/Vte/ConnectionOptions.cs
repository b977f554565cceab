using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace VteWats.Core.Vte;

/// <summary>How to reach a VTE database: a SQL Server connection string, or the path of a SQLite sample or extract.</summary>
public sealed record ConnectionOptions
{
    /// <summary>SQL Server connection string without a password. <c>Encrypt</c> and certificate trust stay as written here.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>SQLite file made by <c>New-VteSampleDatabase</c> or <c>Export-VteTestRun</c>. Absolute after loading.</summary>
    public string? Path { get; init; }

    /// <summary>SQL login; Windows authentication when absent.</summary>
    public string? UserName { get; init; }

    /// <summary>Reference to the login's password: <c>env:NAME</c>, <c>file:PATH</c> or <c>secret:VAULT/NAME</c>.</summary>
    public string? Password { get; init; }

    /// <summary>Seconds one SQL command may take, 1 to 600.</summary>
    public int CommandTimeoutSeconds { get; init; } = 30;

    /// <summary>Age in seconds below which a run is left for the next time, because its steps may not all be written. 0 to 86400.</summary>
    public int SettleSeconds { get; init; } = 60;

    private static readonly string[] PasswordKeys = ["Password", "Pwd"];

    /// <summary>The same text for connections to one database, whatever else they say; null where nobody can tell.</summary>
    internal static string? DatabaseOf(string? path, string? connectionString)
    {
        if (path is not null) return path.Replace('\\', '/').ToUpperInvariant();
        if (connectionString is null) return null;
        try
        {
            var parts = new SqlConnectionStringBuilder(connectionString);
            return $"{parts.DataSource.Trim()}\n{parts.InitialCatalog.Trim()}".ToUpperInvariant();
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>True where both are connections to one database, as far as they say.</summary>
    public bool IsSameDatabaseAs(ConnectionOptions other) =>
        DatabaseOf(Path, ConnectionString) is { } own && own == DatabaseOf(other.Path, other.ConnectionString);

    /// <summary>What is wrong with a connection string; null for nothing. The text itself is not repeated: it may hold a secret.</summary>
    public static string? WhatIsWrong(string connectionString)
    {
        if (HoldsPassword(connectionString))
            return "holds a password. Leave it out; write userName, and password as a reference such as env:VTE_PASSWORD";
        try
        {
            return new SqlConnectionStringBuilder(connectionString).DataSource.Length == 0 ? "names no server (Server=...)" : null;
        }
        // The message may quote a part of the text.
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException)
        {
            return "is not a valid SQL Server connection string: a keyword is not known, or a value does not fit its keyword";
        }
    }

    /// <summary>True when a connection string carries a password in plain text, or cannot be read so that nobody knows.</summary>
    internal static bool HoldsPassword(string connectionString)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return PasswordKeys.Any(key => parts.TryGetValue(key, out var value) && value.ToString() is { Length: > 0 });
        }
        catch (ArgumentException)
        {
            return connectionString.Contains("password", StringComparison.OrdinalIgnoreCase)
                || connectionString.Contains("pwd", StringComparison.OrdinalIgnoreCase);
        }
    }
}
