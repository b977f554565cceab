
namespace VteWats.Core.Vte;

/// <summary>One execution of a test plan on one unit, as VTE recorded it: a row of <c>IndexData</c> with what it refers to and its
/// steps.</summary>
public sealed record VteTestRun
{
    /// <summary><c>IndexData.Index_GUID</c>. It becomes the id of the WATS report.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name of the configured site the run was read from.</summary>
    public required string Site { get; init; }

    /// <summary><c>IndexData.Timestamp</c> as stored: the test station's local time, without offset.</summary>
    public required DateTime Timestamp { get; init; }

    /// <summary><see cref="Timestamp"/> as an instant, with the offset of the site's time zone.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary><c>IndexData.Result</c>, the integer verdict. Its meaning is set by the site's mapping.</summary>
    public int? ResultCode { get; init; }

    /// <summary>The verdict in words (Passed, Failed, Error, Terminated), or <c>Code n</c> when the mapping does not know the
    /// code.</summary>
    public string? Result { get; init; }

    /// <summary><c>IndexData.ExitCode</c>.</summary>
    public int? ExitCode { get; init; }

    /// <summary><c>IndexData.TestTime</c> in seconds; null when VTE kept none.</summary>
    public double? TestTime { get; init; }

    public VteUnit Unit { get; init; } = VteUnit.Unknown;
    public VteProduct Product { get; init; } = VteProduct.Unknown;
    public VteTestplan Testplan { get; init; } = VteTestplan.Unknown;
    public VteStation Station { get; init; } = VteStation.Unknown;

    /// <summary>Name of the operator: the run's own snapshot, else the name in <c>Users</c>.</summary>
    public string? Operator { get; init; }

    public string? Info1 { get; init; }
    public string? Info2 { get; init; }
    public string? Info3 { get; init; }

    /// <summary>The step results in the order of <c>TestStepNumber</c>. Null when only the header was read.</summary>
    public IReadOnlyList<VteStep>? Steps { get; init; }

    /// <summary>Assemblies that <c>AssemblyData</c> lists for the unit.</summary>
    public IReadOnlyList<VteAssembly> Assemblies { get; init; } = [];

    /// <summary>
    /// Index of the run among the runs of its unit, product, test plan and timestamp, in the order of <see cref="Id"/>: 0 for the
    /// first. WATS holds two reports to be one when serial number, part number, operation and start agree, so the mapper moves the start by
    /// it.
    /// </summary>
    public int DuplicateIndex { get; init; }

    /// <summary>The twin behind it; null for the last one, and for a run without twins.</summary>
    internal Guid? NextTwin { get; init; }

    /// <summary>Hash of the header and all steps (lower-case hex of SHA-256), the same on every provider. Null when only the header was
    /// read.</summary>
    public string? ContentHash { get; init; }

    /// <summary>Hash of all but the steps (lower-case hex of SHA-256), the same whether the steps were read or not. Null for a run that
    /// was made by hand.</summary>
    public string? HeaderHash { get; init; }

    /// <summary>Which reading brought the run here, and as which of its rows: what lets the watermark see a gap. Null for a run that was
    /// made by hand or read from a file.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ReadMark? Mark { get; init; }

    /// <summary>
    /// True when WATS may hold an older content of the run, so that "already in WATS" is no reason to skip it: it was acknowledged before
    /// and has changed since, a sync may have sent it that was cut off before it could keep that, or the reading was told to send
    /// everything again. Sending
    /// overwrites by the same id.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Resend { get; init; }

    /// <summary>Why the run does not look finished although it is sent: it has looked so for too long. Null for every other one.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Unfinished { get; init; }

    // Convenience for people, filters and binding by property name.
    public string? SerialNumber => Unit.SerialNumber;
    public string? ProductName => Product.Name;
    public string? TestplanName => Testplan.Name;
    public string? StationName => Station.Name;

    /// <summary>Number of step results; null when only the header was read.</summary>
    public int? StepCount => Steps?.Count;
}

/// <summary>The unit under test (<c>UutData</c>).</summary>
public sealed record VteUnit(Guid? Id, string? SerialNumber, string? BatchNumber)
{
    public static readonly VteUnit Unknown = new(null, null, null);
}

/// <summary>A product: its identity is name, type and version together (<c>Products</c>; the name may be the run's own snapshot).</summary>
public sealed record VteProduct(Guid? Id, string? Name, string? Type, string? Version)
{
    public static readonly VteProduct Unknown = new(null, null, null, null);
}

/// <summary>A test plan with its variant and revision (<c>Testplans</c>, <c>TestplanRevisions</c>, or the run's own snapshot).</summary>
public sealed record VteTestplan(Guid? Id, string? Name, string? Variant, string? Revision)
{
    public static readonly VteTestplan Unknown = new(null, null, null, null);
}

/// <summary>The test station (<c>TestSystems</c>, with the run's own <c>Hostname</c> and <c>Site</c>).</summary>
public sealed record VteStation(Guid? Id, string? Name, string? Hostname, string? Location)
{
    public static readonly VteStation Unknown = new(null, null, null, null);

    public IReadOnlyList<VteComponent> Components { get; init; } = [];
}

/// <summary>A component of a test system (<c>TestsystemComponents</c>). The dates are local, without offset.</summary>
public sealed record VteComponent(string? Name, string? SerialNumber, DateTime? CalibrationDate, DateTime? NextCalibrationDate);

/// <summary>An assembly built into the unit (<c>AssemblyData</c>).</summary>
public sealed record VteAssembly(string? Name, string? PartNumber, string? SerialNumber, string? Revision);
