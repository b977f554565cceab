using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using VteWats.Core.Assistant.Schema;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;
using VteWats.Core.Wats.Client;

namespace VteWats.Core.Assistant;

/// <summary>What the assistant is asked.</summary>
public sealed record SiteRequest
{
    /// <summary>Name of the site; found in the database when null.</summary>
    public string? Site { get; init; }

    public ConnectionOptions Connection { get; init; } = new();

    /// <summary>Password of the connection's login.</summary>
    public string? Password { get; init; }

    /// <summary>Test operations of the WATS server.</summary>
    public IReadOnlyList<WatsProcess> Operations { get; init; } = [];

    /// <summary>How far WATS's clock is ahead of this machine's; null where that is not known.</summary>
    public TimeSpan? WatsAhead { get; init; }

    /// <summary>What the user has decided, by the key below <c>sites.NAME</c>.</summary>
    public IReadOnlyDictionary<string, object?> Answers { get; init; } = new Dictionary<string, object?>();

    /// <summary>Runs to look at, about.</summary>
    public int SampleRuns { get; init; } = 1000;
}

/// <summary>A site as the assistant would configure it.</summary>
/// <param name="Site">Its name.</param>
/// <param name="Decisions">Each decision, with what speaks for it.</param>
public sealed record SiteProposal(string Site, IReadOnlyList<SiteDecision> Decisions);

/// <summary>Looks at a VTE database that nobody has described, and says what a configuration for it has to be, and why.</summary>
public static partial class SiteAssistant
{
    /// <exception cref="VteWatsException">The connection errors; <c>ConfigurationInvalid</c> for an answer that cannot be.</exception>
    public static async Task<SiteProposal> ProposeAsync(SiteRequest request, CancellationToken ct)
    {
        var answers = new AnswerSet(request.Answers);
        var options = new SiteOptions { Name = request.Site ?? SiteResolver.AdHoc, Connection = request.Connection };
        var (schema, unfit) = await SchemaAsync(options, request.Password, answers, ct).ConfigureAwait(false);
        var decisions = new List<SiteDecision> { schema };
        PlantSample? sample = null;
        if (!unfit)
        {
            var profile = schema.Json?.Deserialize<SchemaProfileOptions>(SiteText.Naming) ?? new SchemaProfileOptions();
            options = options with
            {
                SchemaProfile = profile,
                Rows = new RowShareOptions { Sites = answers.Texts(RowsFinder.Key).Where(s => s != "*").ToList() },
            };
            sample = await PlantSample.ReadAsync(options, request.Password, request.Operations, request.SampleRuns, request.WatsAhead, ct)
                .ConfigureAwait(false);
            decisions.AddRange(Look(sample, profile, answers, options.Rows.IsAll));
        }
        var name = request.Site ?? Name(sample, request.Connection);
        return new SiteProposal(name, [.. answers.ApplyTo(decisions).Select(decision => decision with { Site = name })]);
    }

    private static async Task<(SiteDecision Decision, bool Unfit)> SchemaAsync(SiteOptions site, string? password, AnswerSet answers,
        CancellationToken ct)
    {
        var database = VteDatabase.Create(site.ToSource(), password);
        var (catalogue, found) = await database.UseAsync(
            connection =>
            {
                var catalogue = Catalogue.ReadAsync(connection, ct).GetAwaiter().GetResult();
                var samples = new TableSamples(connection, catalogue.Provider, database.CommandTimeoutSeconds);
                return (catalogue, SchemaFinder.Find(catalogue, samples));
            }, ct).ConfigureAwait(false);
        var given = answers.Json("schemaProfile");
        var options = given?.Deserialize<SchemaProfileOptions>(SiteText.Naming) ?? found.Profile;
        var errors = SchemaCheck.Compare(catalogue, SchemaProfile.From(options)).Where(f => f.Severity == FindingSeverity.Error).ToList();
        var unfit = errors.Count > 0 || given is null && found.Lacking.Count > 0;
        var trouble = string.Join(" ", errors.Select(e => e.Message).Distinct().Take(4));
        return (new SiteDecision
        {
            Decision = "schemaProfile", Json = Written(options),
            Certainty = unfit ? DecisionCertainty.Open : found.ByName ? DecisionCertainty.Certain : DecisionCertainty.Likely,
            Evidence = unfit ? $"{found.Evidence} Not found: {string.Join(", ", found.Lacking)}. {trouble}".Trim() : found.Evidence,
            Choices = unfit ? [.. errors.Select(e => new DecisionChoice(e.Logical ?? "", e.Fix)).Where(c => c.Value.Length > 0).Take(6)]
                : [],
        }, unfit);
    }

    private static JsonObject Written(SchemaProfileOptions options)
    {
        var json = new JsonObject();
        if (options.Schema is { } schema) json["schema"] = schema;
        if (options.Tables.Count > 0) json["tables"] = JsonSerializer.SerializeToNode(options.Tables, SiteText.Literal);
        if (options.Columns.Count > 0) json["columns"] = JsonSerializer.SerializeToNode(options.Columns, SiteText.Literal);
        if (options.Missing.Count > 0) json["missing"] = JsonSerializer.SerializeToNode(options.Missing, SiteText.Literal);
        return json;
    }

    private static IEnumerable<SiteDecision> Look(PlantSample sample, SchemaProfileOptions profile, AnswerSet answers, bool whole)
    {
        if (sample.Runs.Count == 0)
        {
            yield return ZoneFinder.Decide(sample);
            yield return TimestampFinder.Decide(sample);
            yield break;
        }
        var rows = whole && !answers.Has(RowsFinder.Key) ? RowsFinder.Decide(sample) : null;
        if (rows is not null) yield return rows;
        var zone = ZoneFinder.Decide(sample);
        yield return rows is { Certainty: DecisionCertainty.Open } && zone.Certainty != DecisionCertainty.Open
            ? zone with
            {
                Json = null,
                Certainty = DecisionCertainty.Open,
                Evidence = zone.Evidence + " That is of all places together: first say which of them this site is (rows.sites).",
                Choices = [new(zone.Value!, "if all of them keep the same time")],
            }
            : zone;
        yield return TimestampFinder.Decide(sample);

        var (unfinished, rule) = UnfinishedFinder.Decide(sample);
        if (rule is not null) yield return rule;
        var finished = sample.Runs.Where(run => unfinished.WhyNot(run) is null).ToList();
        var done = sample.With(finished);
        var sentinels = SentinelFinder.Decide(done);
        yield return sentinels;
        var mapping = new MappingOptions { Sentinels = sentinels.Json!.Deserialize<double[]>()! };
        var off = profile.Missing.Any(m => m.EndsWith(".TestResultType", StringComparison.OrdinalIgnoreCase));
        foreach (var decision in new StepCodeFinder(done, mapping, off).Decide())
        {
            yield return decision;
            mapping = Take(mapping, decision, answers);
        }
        foreach (var decision in new RunCodeFinder(done, mapping, unfinished.ResultCodes.ToHashSet()).Decide()) yield return decision;
        foreach (var decision in NameFinder.Decide(done)) yield return decision;
        foreach (var decision in OperationFinder.Decide(done)) yield return decision;
        foreach (var decision in InfoFinder.Decide(done)) yield return decision;
        yield return Since(sample);
    }

    // What the run's codes are judged by.
    private static MappingOptions Take(MappingOptions mapping, SiteDecision decision, AnswerSet answers)
    {
        var json = answers.Json(decision.Decision) ?? decision.Json;
        return decision.Decision switch
        {
            "mapping.stepVerdict" => mapping with { StepVerdict = json!.GetValue<string>() },
            "mapping.missingStepResult" => mapping with { MissingStepResult = json!.GetValue<string>() },
            "mapping.stepResultCodes" => mapping with { StepResultCodes = json!.Deserialize<Dictionary<int, string>>()! },
            _ => mapping,
        };
    }

    private static SiteDecision Since(PlantSample sample)
    {
        var oldest = sample.Hours.Keys.Min().Date;
        return new SiteDecision
        {
            Decision = "initialSince", Certainty = DecisionCertainty.Likely,
            Json = JsonValue.Create(oldest.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
            Evidence = FormattableString.Invariant(
                $"The first sync sends the whole history: {sample.Total} runs from {oldest:yyyy-MM-dd} on. ") + "A later day sends less.",
        };
    }

    private static string Name(PlantSample? sample, ConnectionOptions connection)
    {
        var places = (sample?.Runs ?? []).Select(r => r.Station.Location?.Trim()).Where(p => !string.IsNullOrEmpty(p)).Distinct().ToList();
        var name = places.Count == 1 ? places[0]! : connection.Path is { } path ? Path.GetFileNameWithoutExtension(path)
            : new SqlConnectionStringBuilder(connection.ConnectionString).InitialCatalog;
        name = NotInNames().Replace(name, "").Trim('.', ' ', '-');
        return ConfigurationValidators.SiteName(name) is null ? name : "Plant";
    }

    [GeneratedRegex(@"[^\p{L}\p{N} ._-]")]
    private static partial Regex NotInNames();
}
