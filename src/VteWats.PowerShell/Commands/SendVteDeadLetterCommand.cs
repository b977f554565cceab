using System.Management.Automation;
using System.Runtime.CompilerServices;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Core.Sync;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Core.Wats.Client;
using VteWats.Core.Wats.Sending;
using VteWats.PowerShell.Abstractions;
using VteWats.PowerShell.Completion;
using VteWats.PowerShell.Errors;

namespace VteWats.PowerShell.Commands;

/// <summary>Maps the runs of dead letters again with today's configuration, sends them, and removes the letters of those that get through.</summary>
[Cmdlet(VerbsCommunications.Send, "VteDeadLetter", SupportsShouldProcess = true)]
[OutputType(typeof(WatsReceipt))]
public sealed class SendVteDeadLetterCommand : WatsTargetCommand
{
    private readonly Dictionary<string, List<Guid>> _chosen = new(StringComparer.OrdinalIgnoreCase);
    private ResolvedTarget? _target;
    private string _folder = "";

    /// <summary>The runs whose letters are sent, as Get-VteDeadLetter emits them.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Id")]
    public Guid[] RunId { get; set; } = [];

    /// <summary>Name of the site. May be left out where there is one only.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    /// <summary>Read the runs from the site's database again instead of taking them as they are in the letters.</summary>
    [Parameter]
    public SwitchParameter FromSource { get; set; }

    /// <summary>Posts at once.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int? ThrottleLimit { get; set; }

    /// <summary>Folder of the dead letters; the configured one without it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? StateFolder { get; set; }

    protected override async Task BeginAsync(IPipelineWriter output, CancellationToken ct)
    {
        _target = await ResolveTargetAsync(output, ct).ConfigureAwait(false);
        var folder = StateFolder is null ? _target.Configuration?.StateFolder : await FilePathAsync(output, StateFolder).ConfigureAwait(false);
        _folder = folder ?? throw new VteWatsException(
            ErrorKind.InvalidArgument, "The state folder is not known: there is no configuration file.", "Give -StateFolder, or make a configuration file with New-VteWatsConfiguration.");
    }

    protected override async Task ProcessAsync(IPipelineWriter output, CancellationToken ct)
    {
        var site = Site ?? SiteResolver.Choose(_target!.Configuration, null).Name;
        foreach (var id in RunId)
        {
            var may = await output.OnPipelineThreadAsync(() => ShouldProcess($"test run {id} of '{site}'", "Map and send again")).ConfigureAwait(false);
            if (!may) continue;
            if (!_chosen.TryGetValue(site, out var ids)) _chosen[site] = ids = [];
            if (!ids.Contains(id)) ids.Add(id);
        }
    }

    // Only now, so that Get-VteDeadLetter has read the folder to its end before letters are removed from it, and posts go several at once.
    protected override async Task EndAsync(IPipelineWriter output, CancellationToken ct)
    {
        using var log = VteWatsLog.Open(_target!.Configuration?.Logging);
        using var client = WatsClient.Create(_target.Wats, _target.Token, _target.ProxyPassword, log);
        var progress = new SendProgress(client.BaseUrl.Host);
        foreach (var (site, ids) in _chosen)
        {
            var letters = new DeadLetterStore(_folder, site, _target.Configuration?.Sync);
            var options = SendOptions.From(_target.Wats) with
            {
                ThrottleLimit = ThrottleLimit ?? _target.Wats.ThrottleLimit,
                // The letter may be that of a run that changed after it was sent: what WATS has is then out of date.
                Force = true,
                Keep = async (report, findings, attempts) => { await letters.WriteAsync(await LetterAsync(letters, site, report, findings, attempts).ConfigureAwait(false)).ConfigureAwait(false); return true; },
                Forget = report => letters.RemoveAsync(report.Id!.Value),
            };
            var reports = ReportsAsync(output, site, letters, ids, ct);
            await foreach (var receipt in new WatsSender(client, options).SendAsync(reports, ct).ConfigureAwait(false))
            {
                // The receipt first: an error may stop the pipeline.
                await output.WriteObjectAsync(receipt).ConfigureAwait(false);
                if (receipt.State == WatsReceiptState.Failed) await output.WriteErrorAsync(Failures.From(WatsRejection.From(receipt))).ConfigureAwait(false);
                if (progress.Count(receipt) is { } record) await output.WriteProgressAsync(record).ConfigureAwait(false);
            }
        }
        if (progress.Last() is { } last) await output.WriteProgressAsync(last).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<WatsReport> ReportsAsync(
        IPipelineWriter output, string site, DeadLetterStore letters, IReadOnlyList<Guid> ids, [EnumeratorCancellation] CancellationToken ct)
    {
        var configured = _target!.Configuration?.Sites.TryGetValue(site, out var found) == true ? found : null;
        if (configured is null)
        {
            await foreach (var (_, stored) in FromLettersAsync(output, site, letters, ids).ConfigureAwait(false))
            {
                // Mapped by nobody's rules it would lose the report that it has.
                if (stored is not null) yield return stored;
                else await output.WriteErrorAsync(Failures.From(NoMapping(site))).ConfigureAwait(false);
            }
            yield break;
        }
        var mapping = new RunMapping(new ReportMapper(configured.Mapping, site), letters);
        var inputs = FromSource ? FromSourceAsync(output, site, letters, ids, ct) : FromLettersAsync(output, site, letters, ids);
        await foreach (var (run, report) in inputs.ConfigureAwait(false))
        {
            if (run is null)
            {
                yield return report!;
                continue;
            }
            var (mapped, problem) = await mapping.MapAsync(run).ConfigureAwait(false);
            if (mapped is not null) yield return mapped;
            else await output.WriteErrorAsync(Failures.From(problem!)).ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<(VteTestRun? Run, WatsReport? Report)> FromLettersAsync(
        IPipelineWriter output, string site, DeadLetterStore letters, IEnumerable<Guid> ids)
    {
        foreach (var id in ids)
        {
            var letter = await letters.FindAsync(id, output.WriteWarningAsync).ConfigureAwait(false);
            if (letter is { Run: null, Report: null } or null)
                await output.WriteErrorAsync(Failures.From(letters.Has(id) ? Unusable(site, id) : NoLetter(site, id))).ConfigureAwait(false);
            else
                yield return (letter.Run, letter.Report);
        }
    }

    private async IAsyncEnumerable<(VteTestRun? Run, WatsReport? Report)> FromSourceAsync(
        IPipelineWriter output, string site, DeadLetterStore letters, IEnumerable<Guid> ids, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = new HashSet<Guid>();
        foreach (var id in ids)
        {
            if (await letters.FindAsync(id, output.WriteWarningAsync).ConfigureAwait(false) is null)
                await output.WriteErrorAsync(Failures.From(NoLetter(site, id))).ConfigureAwait(false);
            else
                known.Add(id);
        }
        if (known.Count == 0) yield break;
        var configured = SiteResolver.Choose(_target!.Configuration, site);
        var password = configured.Connection.Password is { } reference ? await Secrets(output).ReadAsync(reference, ct).ConfigureAwait(false) : null;
        var source = await VteSource.OpenAsync(configured, password, ct).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            await foreach (var run in source.ReadAsync(new TestRunQuery { Ids = [.. known], SettleTime = TimeSpan.Zero }, ct).ConfigureAwait(false))
            {
                known.Remove(run.Id);
                // It comes alone, not in the order of a sync: it must not move a watermark.
                yield return (run with { Mark = null }, null);
            }
        }
        foreach (var id in known)
        {
            await output.WriteErrorAsync(Failures.From(new VteWatsException(
                ErrorKind.TestRunNotFound, $"Test run {id} is no longer in the database of '{site}'.",
                "Leave -FromSource out to send it as it was read, or remove the letter with Remove-VteDeadLetter.", id))).ConfigureAwait(false);
        }
    }

    private static async Task<DeadLetter> LetterAsync(DeadLetterStore letters, string site, WatsReport report, string findings, int attempts)
    {
        var lines = findings.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (report.Source is { } run) return DeadLetter.From(run, DeadLetter.Sending, lines, report) with { Attempts = attempts };
        var letter = await letters.FindAsync(report.Id!.Value).ConfigureAwait(false);
        letter ??= new DeadLetter { RunId = report.Id.Value, Site = site, SerialNumber = report.Sn, Stage = DeadLetter.Sending, Findings = lines, Report = report };
        return letter with { Stage = DeadLetter.Sending, Findings = lines, Attempts = attempts };
    }

    private static VteWatsException NoMapping(string site) => new(
        ErrorKind.ConfigurationInvalid, $"'{site}' is not in the configuration, so that there is no mapping for its runs. Their letters stay as they are.",
        "Put the site into the configuration under this name, or send the runs anew with Get-VteTestRun | ConvertTo-WatsReport | Send-WatsReport.", site);

    private static VteWatsException Unusable(string site, Guid id) => new(
        ErrorKind.DeadLetterMissing, $"The dead letter of test run {id} for '{site}' is there, but cannot be used: the warning before says why.",
        "Update VteWats if a newer release wrote it, or give this account the right to read it.", id);

    private static VteWatsException NoLetter(string site, Guid id) => new(
        ErrorKind.DeadLetterMissing, $"There is no dead letter of test run {id} for '{site}'.", "Get-VteDeadLetter lists those that are there.", id);
}
