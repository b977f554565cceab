namespace VteWats.Core.Diagnostics;

/// <summary>What every event says of itself besides its text, by these names.</summary>
internal static class LogContextProperty
{
    /// <summary>The sync that it belongs to.</summary>
    public const string SyncId = "SyncId";

    /// <summary>The site.</summary>
    public const string Site = "Site";

    /// <summary>The test run.</summary>
    public const string RunId = "RunId";

    /// <summary>The part of the program.</summary>
    public const string Source = Serilog.Core.Constants.SourceContextPropertyName;
}
