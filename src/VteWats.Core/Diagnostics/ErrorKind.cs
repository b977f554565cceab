namespace VteWats.Core.Diagnostics;

/// <summary>
/// One row of the error table: a stable id, the PowerShell error category by name, whether it ends the pipeline,
/// and the exit code a sync ends with.
/// </summary>
/// <param name="Id">Stable id, <c>VteWats.</c> and a name.</param>
/// <param name="Category">Name of a PowerShell <c>ErrorCategory</c>.</param>
/// <param name="Terminates">True when nothing after it can succeed.</param>
/// <param name="ExitCode">Exit code of a sync that met it.</param>
public sealed record ErrorKind(string Id, string Category, bool Terminates, int ExitCode)
{
    public static readonly ErrorKind ConfigurationInvalid = new("VteWats.ConfigurationInvalid", "InvalidData", true, 50);
    public static readonly ErrorKind InvalidArgument = new("VteWats.InvalidArgument", "InvalidArgument", true, 50);
    public static readonly ErrorKind SqlUnreachable = new("VteWats.SqlUnreachable", "ConnectionError", true, 30);
    public static readonly ErrorKind SqlLoginFailed = new("VteWats.SqlLoginFailed", "AuthenticationError", true, 32);
    public static readonly ErrorKind SqlCertificateUntrusted = new("VteWats.SqlCertificateUntrusted", "SecurityError", true, 30);
    public static readonly ErrorKind SqlTimeout = new("VteWats.SqlTimeout", "OperationTimeout", true, 30);
    public static readonly ErrorKind SqlFailed = new("VteWats.SqlFailed", "ReadError", true, 30);
    public static readonly ErrorKind SchemaUnsupported = new("VteWats.SchemaUnsupported", "InvalidData", true, 30);
    public static readonly ErrorKind TestRunNotFound = new("VteWats.TestRunNotFound", "ObjectNotFound", false, 10);
    public static readonly ErrorKind RunUnreadable = new("VteWats.RunUnreadable", "ReadError", false, 10);
    public static readonly ErrorKind RunUnmappable = new("VteWats.RunUnmappable", "InvalidData", false, 10);
    public static readonly ErrorKind RunHeaderOnly = new("VteWats.RunHeaderOnly", "InvalidArgument", false, 10);
    public static readonly ErrorKind WatsRejected = new("VteWats.WatsRejected", "InvalidResult", false, 10);
    public static readonly ErrorKind WatsReportSuspect = new("VteWats.WatsReportSuspect", "InvalidResult", false, 10);
    public static readonly ErrorKind WatsReportInvalid = new("VteWats.WatsReportInvalid", "InvalidData", false, 10);
    public static readonly ErrorKind WatsNotFound = new("VteWats.WatsNotFound", "ObjectNotFound", false, 10);
    public static readonly ErrorKind WatsUnavailable = new("VteWats.WatsUnavailable", "ResourceUnavailable", true, 31);
    public static readonly ErrorKind WatsThrottled = new("VteWats.WatsThrottled", "LimitsExceeded", true, 31);
    public static readonly ErrorKind WatsUnreachable = new("VteWats.WatsUnreachable", "ConnectionError", true, 31);
    public static readonly ErrorKind WatsCertificateUntrusted = new("VteWats.WatsCertificateUntrusted", "SecurityError", true, 31);
    public static readonly ErrorKind WatsProxyFailed = new("VteWats.WatsProxyFailed", "AuthenticationError", true, 31);
    public static readonly ErrorKind WatsRouteMissing = new("VteWats.WatsRouteMissing", "ObjectNotFound", true, 31);
    public static readonly ErrorKind WatsNotWats = new("VteWats.WatsNotWats", "ProtocolError", true, 31);
    public static readonly ErrorKind WatsUnauthorized = new("VteWats.WatsUnauthorized", "AuthenticationError", true, 32);
    public static readonly ErrorKind WatsForbidden = new("VteWats.WatsForbidden", "PermissionDenied", true, 32);
    public static readonly ErrorKind MassRejection = new("VteWats.MassRejection", "LimitsExceeded", true, 41);
    public static readonly ErrorKind VerdictsAgainstLimits = new("VteWats.VerdictsAgainstLimits", "InvalidData", true, 50);
    public static readonly ErrorKind StateUnreadable = new("VteWats.StateUnreadable", "InvalidData", true, 40);
    public static readonly ErrorKind StateForeign = new("VteWats.StateForeign", "InvalidData", true, 40);
    public static readonly ErrorKind WatermarkMissing = new("VteWats.WatermarkMissing", "ObjectNotFound", true, 40);
    public static readonly ErrorKind StateNewer = new("VteWats.StateNewer", "InvalidData", true, 40);
    public static readonly ErrorKind WatermarkMoved = new("VteWats.WatermarkMoved", "InvalidOperation", true, 40);
    public static readonly ErrorKind DeadLetterMissing = new("VteWats.DeadLetterMissing", "ObjectNotFound", false, 10);
    public static readonly ErrorKind DeadLettersFull = new("VteWats.DeadLettersFull", "LimitsExceeded", true, 40);
    public static readonly ErrorKind StateNotWritable = new("VteWats.StateNotWritable", "WriteError", true, 40);
    public static readonly ErrorKind StateFolderUnsuitable = new("VteWats.StateFolderUnsuitable", "InvalidOperation", true, 40);
    public static readonly ErrorKind LeaseLost = new("VteWats.LeaseLost", "ResourceBusy", true, 20);
    public static readonly ErrorKind SyncAlreadyRunning = new("VteWats.SyncAlreadyRunning", "ResourceBusy", true, 20);
    public static readonly ErrorKind SyncSuspended = new("VteWats.SyncSuspended", "OperationStopped", true, 20);
    public static readonly ErrorKind SyncNotRunning = new("VteWats.SyncNotRunning", "ObjectNotFound", true, 50);
    public static readonly ErrorKind TaskNotRegistered = new("VteWats.TaskNotRegistered", "InvalidOperation", true, 50);
    public static readonly ErrorKind AlertNotSent = new("VteWats.AlertNotSent", "ResourceUnavailable", true, 50);
    public static readonly ErrorKind SecretUnavailable = new("VteWats.SecretUnavailable", "ObjectNotFound", true, 50);
    public static readonly ErrorKind FileUnusable = new("VteWats.FileUnusable", "ReadError", true, 50);
    public static readonly ErrorKind PathNotFound = new("VteWats.PathNotFound", "ObjectNotFound", false, 10);
    public static readonly ErrorKind FileExists = new("VteWats.FileExists", "ResourceExists", true, 50);
    public static readonly ErrorKind Internal = new("VteWats.Internal", "NotSpecified", true, 1);
}
