namespace VteWats.WatsSandbox.Query;

/// <summary>One report as a query sees it; <see cref="Item"/> is the member of a list that a lambda looks at.</summary>
internal sealed record HeaderRow(StoredReport Report)
{
    public IReadOnlyDictionary<string, string?>? Item { get; init; }

    private ReportHeader Header => Report.Header;

    /// <summary>Fields that may be filtered and selected; numbers are doubles, as all numbers compare alike.</summary>
    public static readonly IReadOnlyDictionary<string, (Type Type, Func<HeaderRow, object?> Read)> Fields =
        new Dictionary<string, (Type, Func<HeaderRow, object?>)>
        {
            ["uuid"] = (typeof(Guid), r => r.Report.Id),
            ["serialNumber"] = (typeof(string), r => r.Header.SerialNumber),
            ["partNumber"] = (typeof(string), r => r.Header.PartNumber),
            ["reportType"] = (typeof(string), r => r.Header.ReportType),
            ["start"] = (typeof(DateTimeOffset), r => r.Header.Start),
            ["revision"] = (typeof(string), r => r.Header.Revision),
            ["result"] = (typeof(string), r => r.Header.Result),
            ["batchNumber"] = (typeof(string), r => r.Header.BatchNumber),
            ["userName"] = (typeof(string), r => r.Header.UserName),
            ["stationName"] = (typeof(string), r => r.Header.StationName),
            ["location"] = (typeof(string), r => r.Header.Location),
            ["purpose"] = (typeof(string), r => r.Header.Purpose),
            ["measuresDeleted"] = (typeof(bool), _ => false),
            ["timeStamp"] = (typeof(double), r => (double)r.Report.Order),
            ["processCode"] = (typeof(double), r => (double)r.Header.ProcessCode),
            ["processName"] = (typeof(string), r => r.Header.ProcessName),
            ["comment"] = (typeof(string), r => r.Header.Comment),
            ["executionTime"] = (typeof(double), r => r.Header.ExecutionTime),
            ["swFilename"] = (typeof(string), r => r.Header.SwFilename),
            ["swVersion"] = (typeof(string), r => r.Header.SwVersion),
            ["testSocketIndex"] = (typeof(double), r => (double?)r.Header.TestSocketIndex),
            ["fixtureId"] = (typeof(string), r => r.Header.FixtureId),
            ["errorCode"] = (typeof(double), r => (double?)r.Header.ErrorCode),
            ["errorMessage"] = (typeof(string), r => r.Header.ErrorMessage),
            ["receiveCount"] = (typeof(double), r => (double)r.Report.ReceiveCount),
            ["reportSize"] = (typeof(double), r => (double)((r.Report.Size + 1023) / 1024)),
        };

    /// <summary>Lists that <c>$expand</c> adds and a lambda may look at.</summary>
    public static readonly IReadOnlyDictionary<string, Func<HeaderRow, IEnumerable<IReadOnlyDictionary<string, string?>>>> Lists =
        new Dictionary<string, Func<HeaderRow, IEnumerable<IReadOnlyDictionary<string, string?>>>>(StringComparer.OrdinalIgnoreCase)
        {
            ["subUnits"] = r => r.Header.SubUnits.Select(s => new Dictionary<string, string?>
            {
                ["partType"] = s.PartType, ["serialNumber"] = s.SerialNumber, ["partNumber"] = s.PartNumber, ["revision"] = s.Revision,
            }),
            ["miscInfo"] = r => r.Header.MiscInfo.Select(
                m => new Dictionary<string, string?> { ["description"] = m.Description, ["value"] = m.Value }),
            ["assets"] = r => r.Header.Assets.Select(a => new Dictionary<string, string?> { ["serialNumber"] = a.SerialNumber }),
            ["attachments"] = _ => [],
            ["uurSubUnits"] = _ => [],
            ["uurMiscInfo"] = _ => [],
            ["uurAttachments"] = _ => [],
        };
}
