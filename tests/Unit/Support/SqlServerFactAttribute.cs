namespace VteWats.Unit.Support;

/// <summary>
/// A test that needs a real SQL Server: it runs when <c>VTEWATS_TEST_SQLSERVER</c> holds a connection string whose login may create
/// databases, and is reported as skipped, with the reason, when it does not.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlServerFactAttribute : FactAttribute
{
    public const string Variable = "VTEWATS_TEST_SQLSERVER";

    public SqlServerFactAttribute()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
            Skip = $"NOT RUN: needs SQL Server. Set {Variable} to a connection string whose login may create databases and logins.";
    }

    public static string ConnectionString => Environment.GetEnvironmentVariable(Variable) ?? "";
}
