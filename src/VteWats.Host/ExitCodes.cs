namespace VteWats.Host;

/// <summary>Exit codes of the program itself; a script's own <c>exit n</c> and the code of a sync go before all of them.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The script showed an error and did not say <c>exit</c>.</summary>
    public const int UncaughtError = 1;

    /// <summary>The command line is wrong, or the program is incomplete.</summary>
    public const int Usage = 64;

    /// <summary>Stopped by Ctrl+C or by the system (SIGTERM).</summary>
    public const int Stopped = 130;
}
