using VteWats.Core.Mapping;
using VteWats.Core.Time;
using VteWats.Core.Vte;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Configuration;

/// <summary>The keys of <c>vtewats.json</c> with their types, ranges and meanings: the one description that everything else is made
/// from.</summary>
internal static class ConfigurationSchema
{
    private const string Template = "Template, may hold {Product.Name} and so on. ";

    private const string ReferenceForms = "env:NAME, file:PATH or secret:VAULT/NAME. Never the secret itself.";

    private static readonly ConfigMap Tables = new(
        "Names of tables that are called otherwise in this database: physical name by logical name.",
        new ConfigText("Physical name.") { MaxLength = 128 })
    {
        CheckKey = Vte.Schema.SchemaProfile.WrongTable, KeysIgnoreCase = true,
    };

    private static readonly ConfigMap Columns = new(
        "Names of columns that are called otherwise in this database: physical name by logical Table.Column.",
        new ConfigText("Physical name.") { MaxLength = 128 })
    {
        CheckKey = Vte.Schema.SchemaProfile.WrongColumn, KeysIgnoreCase = true,
    };

    private static readonly ConfigObject SchemaProfile = new("Where this database differs from the reference schema (docs/vte-schema.md).",
    [
        new("schema", new ConfigText("Database schema of the tables; dbo when left out.") { OrNull = true, MaxLength = 128 }),
        new("tables", Tables),
        new("columns", Columns),
        new("missing", new ConfigList(
            "Tables and columns that this database does not have; what depends on them is left out of the reports.",
            new ConfigText("Logical Table or Table.Column.") { Check = Vte.Schema.SchemaProfile.WrongMissing })),
    ]);

    private static readonly ConfigObject Connection = new("How to reach the VTE database.",
    [
        new("connectionString", new ConfigText(
            "SQL Server connection string without a password. Encrypt and TrustServerCertificate stay as they are written here.")
        {
            OrNull = true, Check = ConnectionOptions.WhatIsWrong, Confidential = true,
        }),
        new("path", new ConfigText(
            "SQLite file made by New-VteSampleDatabase or Export-VteTestRun; relative to the folder of this file.") { OrNull = true }),
        new("userName", new ConfigText("SQL login; Windows authentication when left out.") { OrNull = true, MaxLength = 128 }),
        new("password", new ConfigText("Where the login's password is: " + ReferenceForms)
        {
            OrNull = true, Check = ConfigurationValidators.Reference, Pattern = ConfigurationValidators.ReferencePattern,
            Confidential = true,
        }),
        new("commandTimeoutSeconds", new ConfigNumber("Seconds that one SQL command may take.", 1, 600)),
        new("settleSeconds", new ConfigNumber(
            "Age in seconds below which a run is left for the next time, because its steps may not all be written yet.", 0, 86_400)),
    ])
    {
        OneOf = ["connectionString", "path"],
        Together = [("password", "userName")],
    };

    private static readonly ConfigObject Operation =
        new("The first rule whose patterns all match chooses the operation. Patterns are wildcards (*, ?), or regular expressions "
        + "between slashes; upper and lower case are alike.",
    [
        new("product", Pattern("Product name.")),
        new("productType", Pattern("Type of the product.")),
        new("testplan", Pattern("Name of the test plan.")),
        new("variant", Pattern("Variant of the test plan.")),
        new("revision", Pattern("Revision of the test plan.")),
        new("station", Pattern("Name or host name of the station.")),
        new("site", Pattern("IndexData.Site.")),
        new("processCode", ProcessCode("Code of the test operation in WATS; Get-WatsProcess lists them."), Required: true),
    ]);

    private static readonly ConfigObject StepGroup = new("The first rule whose patterns all match chooses the group of a step.",
    [
        new("name", Pattern("Name of the step.")),
        new("number", Pattern("TestNumber.")),
        new("group", new ConfigText("S set-up, M main, C clean-up.") { Choices = ["S", "M", "C"] }, Required: true),
    ]);

    private static readonly ConfigObject Sequences = new(
        "Nested sequences by a regular expression. A step that does not match stays where it is.",
    [
        new("of", new ConfigText("What the pattern is matched with.")
        {
            Choices = [MappingOptions.OfStepNumber, MappingOptions.OfTestNumber],
        }),
        new("pattern", new ConfigText(
            "Regular expression between slashes. Each group that it captures is the name of a sequence, the first the outermost; the name "
            + "of a named group goes before the text. Nothing is nested when it is left out.")
        {
            OrNull = true, Check = NamePattern.WhatIsWrongWithLevels,
        }),
    ]);

    private static readonly ConfigObject Chart = new(
        "Makes a chart of texts that hold pairs x;y, one a line or parted by blanks or bars. The first rule that matches wins.",
    [
        new("name", Pattern("Name of the step.")),
        new("chartType", new ConfigText("Axes.") { Choices = ["Line", "LineLogXY", "LineLogX", "LineLogY"] }),
        new("xLabel", Text("Name of the x axis.", template: false) with { MaxLength = WsjfLimits.ChartAxisLabel }),
        new("xUnit", new ConfigText("Unit of the x axis.") { OrNull = true, MaxLength = WsjfLimits.ChartUnit }),
        new("yLabel", Text("Name of the y axis.", template: false) with { MaxLength = WsjfLimits.ChartAxisLabel }),
        new("yUnit", new ConfigText("Unit of the y axis; the step's own when left out.") { OrNull = true,
            MaxLength = WsjfLimits.ChartUnit }),
    ]);

    private static readonly ConfigObject Mapping = new(
        "How test runs become reports. Templates may hold "
            + string.Join(", ", Core.Mapping.Template.FieldNames.Select(name => $"{{{name}}}")) + "; what is absent is empty.",
    [
        new("partNumber", Text("Part number. " + Template)),
        new("revision", Text("Revision. " + Template)),
        new("missingRevision", Text("Revision where a run has none; null refuses such a run.", template: false) with
        {
            OrNull = true, MaxLength = WsjfLimits.Revision,
        }),
        new("missingSerialNumber",
            new ConfigText("Serial number where a run has none; null refuses such a run. " + Template.Trim()) { OrNull = true,
            Check = Core.Mapping.Template.WhatIsWrongWithSerial }),
        new("operations", new ConfigList("Rules that choose the test operation.", Operation)),
        new("defaultProcessCode",
            ProcessCode("Operation code of a run that no rule matches; null refuses such a run.") with { OrNull = true }),
        new("station", Text("Station name. " + Template + "What comes out empty falls back to the host name, then to missingStation.")),
        new("missingStation", Text("Station name where a run has neither name nor host name.", template: false)),
        new("location", Text("Location. " + Template + "What comes out empty falls back to the site's name.")),
        new("purpose", new ConfigText("Purpose of the test in WATS. " + Template + "What comes out empty is Production.")
        {
            Check = text => Core.Mapping.Template.WhatIsWrong(text) ?? LegalText.WhatIsWrong(text),
        }),
        new("missingOperator", Text("Operator where a run has none.", template: false)),
        new("resultCodes", Codes(
            "Verdict of a run by IndexData.Result: P passed, F failed, E error, T terminated. Replaces the whole table.", "P", "F", "E",
            "T")),
        new("stepResultCodes", Codes(
            "Verdict of a step by TestResultType: P passed, F failed, D not judged, S skipped, E error, T terminated. Replaces the "
            + "whole table.", "P", "F", "D", "S", "E", "T")),
        new("missingResult", new ConfigText(
            "Verdict of a run whose Result is NULL: refuse, E, T, or limits (failed where a step failed, passed where steps were judged "
            + "and none did).") { Choices = ["refuse", "limits", "E", "T"] }),
        new("missingStepResult", new ConfigText(
            "Verdict of a step whose TestResultType is NULL or switched off: refuse, D (not judged), or limits (judged by its limits; not "
            + "judged where it has none).") { Choices = ["refuse", "D", "limits"] }),
        new("stepVerdict", new ConfigText(
            "Where the verdict of a step comes from: column, or limits where TestResultType is no verdict at this plant.")
        {
            Choices = ["column", "limits"],
        }),
        new("verdictAgainstLimitsShare", new ConfigNumber(
            "Share of judged measurements whose verdict may contradict their limits before the first sync of the site stops; 1 for never.",
            0, 1) { Fraction = true }),
        new("sentinels", new ConfigList("Numbers that stand for 'no value' or 'no limit'.",
            new ConfigNumber("A value or limit this close (relative 1e-9) is not sent as a number.") { Fraction = true })),
        new("attachmentLimitBytes",
            new ConfigNumber("Bytes of binary step data that are sent as attachment; what is larger goes as size and hash.", 0, 102_400)),
        new("reportBudgetBytes", new ConfigNumber(
            "Bytes that a report may have, about. Over it, the largest data go as size and hash.", 100_000, 1_000_000_000)),
        new("fixtureId", Optional("Fixture.")),
        new("testSocketIndex", Optional("Test socket: has to come out as a whole number from -1 to 32767.")),
        new("comment", Optional("Comment.")),
        new("errorCode", Optional("Error code: has to come out as a whole number, for example {ExitCode}.")),
        new("errorMessage", Optional("Error message where errorMessages has none for the code.")),
        new("errorMessages", new ConfigMap("Error message by error code.", Text("Message.", template: false))
        {
            CheckKey = ConfigurationValidators.Code, KeyPattern = "^-?[0-9]+$",
        }),
        new("stepGroups", new ConfigList("Rules that put steps into the set-up or clean-up group.", StepGroup)),
        new("sequences", Sequences),
        new("charts", new ConfigList("Rules that make charts of texts.", Chart)),
        new("componentsAsAssets",
            new ConfigFlag("Send components of the test system as assets. WATS refuses assets that its asset manager does not know.")),
        new("miscInfos", new ConfigMap("Further misc infos: template by description.", Text(Template.Trim()))
        {
            CheckKey = LegalText.WhatIsWrong,
        }),
    ]);

    private static readonly ConfigObject Unfinished = new(
        "Which runs are not finished yet: they are held, and read again at each sync, for sync.unfinishedHours at most.",
    [
        new("resultCodes", new ConfigList("Codes of IndexData.Result that a run has while it is under way.", new ConfigNumber(
            "Code.", int.MinValue, int.MaxValue))),
        new("withoutTestTime", new ConfigFlag("A run without a test time is under way.")),
        new("withoutSteps", new ConfigFlag("A run without any step is under way.")),
    ]);

    private static readonly ConfigObject Rows = new(
        "The runs of the database that belong to this site, where several share it: one pattern of each list that is given has to match. "
        + "Each of the sites then has its own watermark, census and letters. Test-VteConnection tells of runs that belong to none of them, "
        + "or to two.",
    [
        new("sites", new ConfigList("IndexData.Site.", Share())),
        new("stations", new ConfigList("Name or host name of the station.", Share())),
        new("products", new ConfigList("Name of the product.", Share())),
    ]);

    private static readonly ConfigObject Site = new("One VTE database and what is particular to it.",
    [
        new("connection", Connection, Required: true),
        new("timeZone", new ConfigText(
            "IANA or Windows id of the test stations' time zone, such as Europe/Oslo. There is no default and no guess.") { Check =
            ConfigurationValidators.TimeZone }, Required: true),
        new("timestampIs", new ConfigText(
            "Whether the stations write Timestamp when a test begins or when it ends: start or end. There is no default and no guess: a "
            + "wrong answer moves every start by the test time.") { Choices = [MappingOptions.Start, MappingOptions.End] }, Required: true),
        new("rows", Rows),
        new("schemaProfile", SchemaProfile),
        new("mapping", Mapping),
        new("unfinished", Unfinished),
        new("initialSince", new ConfigText(
            "Start of the very first sync: site local time (2026-11-01T00:00:00), or an instant with offset (2026-11-01T00:00:00+01:00).")
        {
            OrNull = true, Check = ConfigurationValidators.Since, Pattern = SiteTime.Pattern,
        }),
    ])
    {
        Rules = [("mapping", ConfigurationValidators.VerdictsThere)],
    };

    private static readonly ConfigObject Wats = new("The WATS server.",
    [
        new("baseUrl", new ConfigText("Base URL, with or without a trailing /api.") { Check = WatsAddress.WrongUrl, Pattern = "^https?://",
            Confidential = true }, Required: true),
        new("allowHttp", new ConfigFlag("Send the token over http, readable for everybody on the way. Needed for a base URL with http, "
            + "unless the server is this machine.")),
        new("token", new ConfigText("Where the token is: " + ReferenceForms)
        {
            OrNull = true, Check = ConfigurationValidators.Reference, Pattern = ConfigurationValidators.ReferencePattern,
            Confidential = true,
        }),
        new("tokenExpires", OperatingSchema.TokenExpires),
        new("throttleLimit", new ConfigNumber("Posts at once.", 1, 64)),
        new("requestsPerMinute", new ConfigNumber("Requests a minute to the server with this token from one process; 0 for no limit.", 0,
            1_000_000)),
        new("timeoutSeconds", new ConfigNumber("Seconds that one request may take.", 1, 600)),
        new("maxAttempts", new ConfigNumber("Attempts for one request in all.", 1, 20)),
        new("totalTimeoutSeconds", new ConfigNumber("Seconds that one report may take with all its attempts and pauses.", 1, 86_400)),
        new("proxy", new ConfigText("system (the default), none, or the URL of a proxy.") { OrNull = true, Check = WatsAddress.WrongProxy,
            Pattern = "^(system|none|https?://.*)$", Confidential = true }),
        new("proxyUserName", new ConfigText("Login at the proxy.") { OrNull = true }),
        new("proxyPassword", new ConfigText("Where the proxy's password is: " + ReferenceForms)
        {
            OrNull = true, Check = ConfigurationValidators.Reference, Pattern = ConfigurationValidators.ReferencePattern,
            Confidential = true,
        }),
        new("massRejectionShare",
            new ConfigNumber("Share of the last 200 runs, refused by the mapping or by WATS, from which on the pipeline stops: it is the "
            + "mapping then. Fewer than 20 refused runs never are; 0 for never.", 0, 1) { Fraction = true }),
    ])
    {
        Together = [("proxyPassword", "proxyUserName")],
        Rules = [("baseUrl", ConfigurationValidators.EncryptedOrAllowed)],
    };

    private static readonly ConfigObject Sync = new("How the sync runs.",
    [
        new("intervalMinutes", new ConfigNumber("Minutes between two syncs.", 1, 1440)),
        new("guardBandMinutes", new ConfigNumber("Minutes behind the watermark that are read again for late and changed runs.", 0, 10_080)),
        new("censusDays", new ConfigNumber(
            "Days behind the watermark whose runs are counted by hour at each sync and compared with what was sent: late runs are found "
            + "there.", 1, 400)),
        new("ledgerDays", new ConfigNumber(
            "Days that one row is kept of each run that was sent; of what is older a count an hour. At least censusDays.", 1, 36_500)),
        new("unfinishedHours", new ConfigNumber("Hours that an unfinished run is held before it is sent as it is.", 1, 8_760)),
        new("compareDays", new ConfigNumber("Days between two comparisons of VTE with WATS by Start-VteWatsSync; 0 for none.", 0, 365)),
        new("compareRepair", new ConfigFlag("Let these comparisons send the runs that are missing in WATS.")),
        new("batchSize", new ConfigNumber("Runs acknowledged after which the watermark is saved.", 1, 10_000)),
        new("maxDeadLetters", new ConfigNumber("Dead letters kept a site. Over it a sync stops rather than lose one.", 1, int.MaxValue)),
        new("maxDeadLetterMegabytes", new ConfigNumber("Megabytes of dead letters kept a site.", 1, int.MaxValue)),
    ])
    {
        Rules = [("ledgerDays", ConfigurationValidators.NotBelowTheCensus)],
    };

    /// <summary>The whole file.</summary>
    public static ConfigObject Root { get; } =
        new("Configuration of VteWats: which VTE databases are read, and which WATS server gets the reports.",
    [
        new("$schema", new ConfigText("Address of this schema, for editors.")),
        new("sites", new ConfigMap("VTE databases by the name of their site.", Site) { CheckKey = ConfigurationValidators.SiteName,
            KeyPattern = ConfigurationValidators.SiteNamePattern, KeysIgnoreCase = true }),
        new("wats", Wats),
        new("sync", Sync),
        new("stateFolder", new ConfigText(
            "Folder of watermarks, dead letters and locks; 'state' beside this file when left out. "
            + "Relative to the folder of this file.") { OrNull = true }),
        new("logging", OperatingSchema.Logging),
        new("health", OperatingSchema.Health),
        new("metrics", OperatingSchema.Metrics),
        new("alerts", AlertSchema.Alerts),
    ]);

    private static ConfigText Text(string description, bool template = true) =>
        new(description.Trim()) { Check = template ? Core.Mapping.Template.WhatIsWrong : LegalText.WhatIsWrong };

    private static ConfigText Pattern(string description) =>
        new(description + " Matches everything when left out.") { OrNull = true, Check = NamePattern.WhatIsWrong };

    private static ConfigText Share() => new("Wildcard: * and ?, no sets.") { Check = ConfigurationValidators.Share };

    private static ConfigText Optional(string description) =>
        new($"{description} {Template}Left out when it comes out empty.") { OrNull = true, Check = Core.Mapping.Template.WhatIsWrong };

    private static ConfigNumber ProcessCode(string description) => new(description, 0, WsjfLimits.ProcessCodeMax);

    private static ConfigMap Codes(string description, params string[] letters) =>
        new(description, new ConfigText("Verdict.") { Choices = letters })
        {
            CheckKey = ConfigurationValidators.Code, KeyPattern = "^-?[0-9]+$",
        };
}
