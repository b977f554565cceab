using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using VteWats.Core.Diagnostics;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>
/// Makes WATS reports of test runs by a site's <see cref="MappingOptions"/>. Pure and deterministic: the same run gives the same
/// report, whatever else is mapped, on every machine and in every culture. May be used by several threads at once.
/// </summary>
public sealed partial class ReportMapper
{
    /// <summary>
    /// Step by which the start is moved for each earlier run of the same unit and timestamp. A <c>datetime</c> ticks
    /// at 1/300 s, so 3332 such runs stay below the next possible start; and a microsecond survives readers that keep six decimals.
    /// </summary>
    public static readonly TimeSpan StartStep = TimeSpan.FromMicroseconds(1);

    // Where the timestamp is the end, each start is moved by less than this already, so twins are a whole one apart.
    private static readonly TimeSpan TwinStepAtEnd = TimeSpan.FromMilliseconds(1);

    // WATS takes dates before 1970 for unset.
    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Latest = DateTimeOffset.MaxValue.AddDays(-2);

    // What every report needs while it is made, and none afterwards.
    [ThreadStatic]
    private static Desk? t_desk;

    private readonly MappingOptions _options;
    private readonly string _site;
    private readonly SiteClock? _clock;
    private readonly string _key;
    private readonly Template _partNumber, _revision, _station, _location;
    private readonly UutTemplates _uut;
    private readonly StepRules _steps;
    private readonly WatsMiscInfo _fingerprint;
    private readonly Template? _missingSerial;
    private readonly (string Description, Template Text)[] _miscInfos;
    private readonly OperationTable _operations;

    /// <param name="options">The site's mapping.</param>
    /// <param name="site">Name of the site, for messages, the <c>{Site}</c> placeholder and as the location where VTE holds none.</param>
    /// <param name="clock">The site's clock: a test that began before a clock change and ended behind it started with another offset.
    /// Without it the start keeps the offset of the timestamp.</param>
    /// <exception cref="VteWatsException"><see cref="ErrorKind.ConfigurationInvalid"/> with every finding in the options.</exception>
    public ReportMapper(MappingOptions options, string site, SiteClock? clock = null)
    {
        _options = options;
        _site = site;
        _clock = clock;
        _key = $"sites.{site}.mapping";
        List<string> findings = [];
        _partNumber = Template.Parse(options.PartNumber, $"{_key}.partNumber", findings);
        _revision = Template.Parse(options.Revision, $"{_key}.revision", findings);
        _station = Template.Parse(options.Station, $"{_key}.station", findings);
        _location = Template.Parse(options.Location, $"{_key}.location", findings);
        _uut = new UutTemplates(options, _key, findings);
        _steps = new StepRules(options, _key, findings);
        _missingSerial = options.MissingSerialNumber is null ? null
            : Template.Parse(options.MissingSerialNumber, $"{_key}.missingSerialNumber", findings);
        if (findings.Count == 0 && options.MissingSerialNumber is { } serial && Template.WhatIsWrongWithSerial(serial) is { } wrong)
            findings.Add($"{_key}.missingSerialNumber: {wrong}");
        _miscInfos = [.. options.MiscInfos.OrderBy(m => m.Key, StringComparer.Ordinal)
            .Select(m => (m.Key, Template.Parse(m.Value, $"{_key}.miscInfos.{m.Key}", findings)))];
        _operations = new OperationTable(options, _key, findings);
        CheckCodes(options.ResultCodes, ["P", "F", "E", "T"], $"{_key}.resultCodes", findings);
        CheckCodes(options.StepResultCodes, ["P", "F", "D", "S", "E", "T"], $"{_key}.stepResultCodes", findings);
        foreach (var description in options.MiscInfos.Keys) CheckText(description, $"{_key}.miscInfos", findings);
        if (options.MissingRevision is { } revision) CheckText(revision, $"{_key}.missingRevision", findings);
        CheckWord(options.MissingResult, ["refuse", "limits", "E", "T"], $"{_key}.missingResult", findings);
        CheckWord(options.MissingStepResult, ["refuse", "D", "limits"], $"{_key}.missingStepResult", findings);
        CheckWord(options.StepVerdict, ["column", "limits"], $"{_key}.stepVerdict", findings);
        CheckWord(options.TimestampIs, [MappingOptions.Start, MappingOptions.End], $"sites.{site}.timestampIs", findings);
        CheckText(options.MissingStation, $"{_key}.missingStation", findings);
        CheckText(options.MissingOperator, $"{_key}.missingOperator", findings);
        _fingerprint = new WatsMiscInfo { Description = ReportSameness.Fingerprint, Text = options.FingerprintText() };
        if (findings.Count == 0) return;
        throw new VteWatsException(
            ErrorKind.ConfigurationInvalid,
            $"The mapping of site {site} cannot be used: {string.Join("; ", findings)}.",
            "Correct these keys in the configuration file; Test-VteWatsConfiguration checks it.", options);
    }

    /// <summary>Makes the report of a run.</summary>
    /// <exception cref="VteWatsException">
    /// <see cref="ErrorKind.RunUnmappable"/>, with every reason and the configuration keys that would change it;
    /// <see cref="ErrorKind.RunHeaderOnly"/> for a run that was read without its steps.
    /// </exception>
    public WatsReport Map(VteTestRun run)
    {
        if (run.Steps is not { } steps)
        {
            throw new VteWatsException(
                ErrorKind.RunHeaderOnly, $"Test run {run.Id:D} was read without its steps, so no report can be made of it.",
                "Read the run without -HeaderOnly.", run.Id);
        }
        var refusal = new MappingErrors(run);
        var notes = new ReportNotes();
        if (run.Unfinished is { } why)
            notes.Add(NoteRules.Unfinished, ReportPath.Root, $"The run is sent although it does not look finished: {why}");
        var desk = t_desk ??= new Desk();
        desk.Overflow.Clear();
        var header = new HeaderMapper(run, notes, desk.Overflow);

        var rows = StepPlaces.InOrder(steps);
        var verdicts = desk.Verdicts(rows.Length);
        VerdictsOf(rows, verdicts, notes, refusal);
        var result = ResultOf(run, verdicts, notes, refusal);
        var part = header.FitSearched(_partNumber.Render(run, _site), WsjfLimits.PartNumber, "Part number");
        if (part is null)
            refusal.Add($"it has no part number (template {_options.PartNumber})",
                $"Set {_key}.partNumber to a template that is filled for this product, or complete the product in VTE.");
        var revision = header.Fit(_revision.Render(run, _site), WsjfLimits.Revision, "Revision") ?? MissingRevision(header, refusal);
        var serial = header.FitSearched(run.Unit.SerialNumber, WsjfLimits.SerialNumber, "Serial number")
            ?? MissingSerial(run, header, refusal);
        var operation = OperationOf(run, refusal);
        var start = StartOf(run, notes, refusal);
        refusal.ThrowIfAny();

        var seconds = ExecTimeOf(run, notes);
        return new WatsReport
        {
            Id = run.Id,
            Pn = part,
            Sn = serial,
            Rev = revision,
            ProcessCode = operation,
            ResultCode = result,
            MachineName = header.FitSearched(_station.Render(run, _site), WsjfLimits.MachineName, "Station")
                ?? header.FitSearched(run.Station.Hostname, WsjfLimits.MachineName, "Station")
                ?? header.Placeholder(FieldText.Fit(_options.MissingStation, WsjfLimits.MachineName).Text, "Station"),
            Location = header.Fit(_location.Render(run, _site), WsjfLimits.Location, "Location")
                ?? header.Fit(_site, WsjfLimits.Location, "Location")
                ?? header.Placeholder("Unknown", "Location"),
            Purpose = header.Fit(_uut.Purpose.Render(run, _site), WsjfLimits.Purpose, "Purpose") ?? UutTemplates.DefaultPurpose,
            Start = start,
            StartUtc = start.ToUniversalTime(),
            Uut = _uut.Fill(run, _site, result!, header, notes, new WatsUut
            {
                User = header.Fit(run.Operator, WsjfLimits.User, "Operator")
                    ?? header.Placeholder(FieldText.Fit(_options.MissingOperator, WsjfLimits.User).Text, "Operator"),
                ExecTime = seconds,
                BatchSn = header.Fit(run.Unit.BatchNumber, WsjfLimits.BatchSn, "Batch number"),
            }),
            MiscInfos = header.MiscInfos(_fingerprint, _miscInfos, _site, desk),
            SubUnits = header.SubUnits(),
            Assets = _options.ComponentsAsAssets ? header.Assets() : null,
            Root = Root(run, rows, verdicts, result!, seconds, header, notes, desk),
            Source = run,
            // Last, when all above have noted what they had to.
            Notes = notes.ToList(),
        };
    }

    private string? MissingRevision(HeaderMapper header, MappingErrors refusal)
    {
        if (FieldText.Fit(_options.MissingRevision, WsjfLimits.Revision).Text is { } text) return header.Placeholder(text, "Revision");
        refusal.Add($"it has no revision (template {_options.Revision})",
            $"Set {_key}.missingRevision to a text that stands for it, or complete the product in VTE.");
        return null;
    }

    private string? MissingSerial(VteTestRun run, HeaderMapper header, MappingErrors refusal)
    {
        if (_missingSerial is not null
            && header.FitSearched(_missingSerial.Render(run, _site), WsjfLimits.SerialNumber, "Serial number") is { } text)
            return header.Placeholder(text, "Serial number");
        refusal.Add("it has no serial number",
            $"Set {_key}.missingSerialNumber to a template that stands for it, for example NOSERIAL-{{Id}}, or complete the unit in VTE.");
        return null;
    }

    private int? OperationOf(VteTestRun run, MappingErrors refusal)
    {
        try
        {
            if (_operations.Choose(run) is { } code) return code;
            refusal.Add($"no operation is configured for {Describe(run)}",
                $"Add a rule to {_key}.operations, or set {_key}.defaultProcessCode.");
        }
        catch (RegexMatchTimeoutException e)
        {
            refusal.Add($"the regular expression {e.Pattern} took too long on {Describe(run)}", $"Simplify it in {_key}.operations.");
        }
        return null;
    }

    private static string Describe(VteTestRun run) =>
        $"product '{LegalText.Escape(run.Product.Name)}', test plan '{LegalText.Escape(run.Testplan.Name)}', variant "
        + $"'{LegalText.Escape(run.Testplan.Variant)}', station '{LegalText.Escape(run.Station.Name ?? run.Station.Hostname)}'";

    // Runs with different ends may have the same begin, an aborted one and its retest, say, and WATS would take them for one: a part of
    // a millisecond that comes of the run's id, always the same, keeps them apart.
    private static TimeSpan StepOf(Guid id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id.ToByteArray(bigEndian: true), hash);
        return TimeSpan.FromTicks(1 + (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) % 9_999));
    }

    private DateTimeOffset StartOf(VteTestRun run, ReportNotes notes, MappingErrors refusal)
    {
        var start = BeginOf(run, notes);
        if (_options.TimestampIs == MappingOptions.End) start += StepOf(run.Id);
        if (start < Earliest || start > Latest)
        {
            refusal.Add(string.Create(CultureInfo.InvariantCulture, $"its start {start:O} is not a date that WATS keeps"),
                "Correct the run's Timestamp in VTE.");
            return start;
        }
        if (run.DuplicateIndex <= 0) return start;
        var moved = (_options.TimestampIs == MappingOptions.End ? TwinStepAtEnd : StartStep) * run.DuplicateIndex;
        notes.Add(NoteRules.StartMoved, ReportPath.Report, string.Create(CultureInfo.InvariantCulture,
            $"Moved by {moved.TotalMicroseconds} µs: {run.DuplicateIndex} earlier runs have the same unit and timestamp, and WATS could "
            + $"take them for one."));
        return start + moved;
    }

    // VteTestRun.Start is its timestamp as an instant, whatever the timestamp is.
    private DateTimeOffset BeginOf(VteTestRun run, ReportNotes notes)
    {
        if (_options.TimestampIs != MappingOptions.End) return run.Start;
        if (run.TestTime is { } seconds and >= 0 && seconds <= (run.Start - DateTimeOffset.MinValue).TotalSeconds - 86_400)
        {
            var begin = run.Start - TimeSpan.FromSeconds(seconds);
            return _clock?.AtSite(begin) ?? begin;
        }
        notes.Add(NoteRules.StartUnknown, ReportPath.Report,
            "The timestamp is the end of the test, and its test time is not known: the end stands for the start.");
        return run.Start;
    }

    private static double? ExecTimeOf(VteTestRun run, ReportNotes notes)
    {
        if (run.TestTime is not { } seconds) return null;
        if (double.IsFinite(seconds) && seconds >= 0) return seconds;
        notes.Add(NoteRules.TestTimeLeftOut, ReportPath.Report,
            string.Create(CultureInfo.InvariantCulture, $"The test time {seconds} is not a valid time and was left out."));
        return null;
    }

    private static void CheckCodes(IReadOnlyDictionary<int, string> codes, string[] known, string key, List<string> findings)
    {
        foreach (var (code, verdict) in codes)
        {
            if (Array.IndexOf(known, verdict) < 0)
                findings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{key}.{code}: '{verdict}' is none of {string.Join(", ", known)}"));
        }
    }

    private static void CheckWord(string word, string[] known, string key, List<string> findings)
    {
        if (Array.IndexOf(known, word) < 0) findings.Add($"{key}: '{word}' is none of {string.Join(", ", known)}");
    }

    private static void CheckText(string text, string key, List<string> findings)
    {
        if (LegalText.WhatIsWrong(text) is { } wrong) findings.Add($"{key}: {wrong}");
    }

    /// <summary>What a thread keeps from one report to the next.</summary>
    internal sealed class Desk
    {
        /// <summary>Components of the last run's station, and what they became.</summary>
        public IReadOnlyList<VteComponent>? Components { get; set; }

        public List<WatsMiscInfo> ComponentInfos { get; } = [];

        private string?[] _verdicts = new string?[64];

        public TextBlock Overflow { get; } = new();
        public StepPlaces Places { get; } = new();
        public StepMapper Steps { get; } = new();

        public Span<string?> Verdicts(int count)
        {
            if (_verdicts.Length < count) _verdicts = new string?[count];
            return _verdicts.AsSpan(0, count);
        }
    }
}
