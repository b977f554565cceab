using System.Management.Automation;
using System.Text.RegularExpressions;
using VteWats.Unit.Support;

namespace VteWats.Unit.Commands;

/// <summary>An id, a name or a serial number that is not there never means all of them: every cmdlet that takes one says so.</summary>
public sealed class NothingGivenTests(CmdletPlant plant) : IClassFixture<CmdletPlant>
{
    private const string Id = "6f1c2b1a-55f0-4f3e-9a61-2b7d1d8f0001";

    /// <summary>Ids, names, serial numbers, and the objects that carry them.</summary>
    public static TheoryData<string, string> Parameters()
    {
        using var module = new HostedModule();
        var all = new TheoryData<string, string>();
        foreach (var cmdlet in module.Run("Get-Command -Module VteWats").Clean().Select(c => (CmdletInfo)c.BaseObject))
        {
            foreach (var parameter in cmdlet.Parameters.Values.Where(p => Regex.IsMatch(p.Name,
                "^(Id|RunId|Site|InputObject|Report|ToRun|(Serial|Part)Number|(Product|Testplan|Station|User)Name)$")
                || p.ParameterType == typeof(Guid[])))
                all.Add(cmdlet.Name, parameter.Name);
        }
        return all;
    }

    [Fact]
    public void The_walk_meets_the_cmdlets_that_once_took_nothing_for_everything() => Assert.Superset(
        new HashSet<string>
        {
            "Get-VteTestRun Id", "Export-VteTestRun Id", "Get-VteDeadLetter RunId", "Remove-VteDeadLetter RunId",
            "Send-VteDeadLetter RunId", "Get-WatsReport Id", "Find-WatsReport RunId", "Find-WatsReport SerialNumber",
            "Compare-WatsReport InputObject",
            "Get-VteDeadLetter SerialNumber", "Invoke-VteWatsSync Site",
        },
        Parameters().Select(row => string.Join(' ', row)).ToHashSet());

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Nothing_on_the_command_line_is_an_error_with_advice(string cmdlet, string parameter)
    {
        var command = (CmdletInfo)Assert.Single(plant.Run($"Get-Command {cmdlet}").Clean()).BaseObject;
        var type = command.Parameters[parameter].ParameterType;
        object?[] nothings = type.IsArray
            ? [null, Array.CreateInstance(type.GetElementType()!, 0), type == typeof(string[]) ? new[] { "SN-1", "" }
                : type == typeof(Guid[]) ? new[] { Guid.NewGuid(), Guid.Empty } : new object?[] { null }]
            : type == typeof(string) ? [null, ""] : [null];
        foreach (var nothing in nothings) AssertRefused(cmdlet + With(command, parameter), nothing);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Nothing_from_the_pipeline_is_an_error_of_its_object_and_the_next_one_is_looked_at(string cmdlet, string parameter)
    {
        var command = (CmdletInfo)Assert.Single(plant.Run($"Get-Command {cmdlet}").Clean()).BaseObject;
        var uses = command.ParameterSets.SelectMany(s => s.Parameters).Where(p => p.Name == parameter).ToList();
        if (!uses.Any(p => p.ValueFromPipelineByPropertyName)) return;
        var isId = command.Parameters[parameter].ParameterType == typeof(Guid[]);
        // The site is there, so that something can be bound: it must not stand for all of its runs.
        var site = parameter != "Site" && command.Parameters.ContainsKey("Site") ? "Site = 'Oslo'; "
            : command.Name.EndsWith("VteDeadLetter", StringComparison.Ordinal) ? $"RunId = '{Id}'; "
            : command.Name is "Suspend-VteTestRun" or "Resume-VteTestRun" ? $"RunId = '{Id}'; " : "";
        foreach (var nothing in new[] { "$null", "''" })
        {
            var piped = $"[pscustomobject]@{{ {site}{parameter} = {nothing} }}";
            AssertRefused($"{piped}, {piped} | {cmdlet}{With(command, parameter, piped: true)}", null, errors: 2);
        }
        if (!isId) return;
        var wrong = plant.Run($"[pscustomobject]@{{ {site}{parameter} = 'no-id' }} | {cmdlet}{With(command, parameter, piped: true)}");
        Assert.Null(wrong.Thrown);
        Assert.Empty(wrong.Output);
        Assert.Contains("'no-id'", Assert.Single(wrong.Errors).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_property_reads_no_run_and_sends_none()
    {
        var result = plant.Run("$h = [pscustomobject]@{ RunId = 1 }; Get-VteTestRun -Site Oslo -Id $h.Missing | ConvertTo-WatsReport | "
            + "Send-WatsReport -Force");
        Assert.Equal(["VteWats.InvalidArgument"], result.Ids());
        Assert.Contains("-Id", result.Errors.Concat([result.Thrown!]).First(e => e is not null).ToString(), StringComparison.Ordinal);
        Assert.Equal(0, plant.Wats.Requests.Posts);
    }

    [Fact]
    public void An_object_without_an_id_is_told_and_the_one_after_it_is_read()
    {
        var result = plant.Run("$run = Get-VteTestRun -Site Oslo -First 1 -HeaderOnly; [pscustomobject]@{ Id = $null; Site = 'Oslo' }, "
            + "[pscustomobject]@{ Id = $run.Id; Site = 'Oslo' } | Get-VteTestRun");
        Assert.Equal(["VteWats.InvalidArgument"], result.Ids());
        Assert.Single(result.Errors);
        Assert.Single(result.Output);
    }

    [Fact]
    public void A_watermark_of_a_first_sync_has_no_run_and_means_what_comes_after_it() =>
        Assert.Equal(30, plant.Run("Get-VteWatermark -Site Oslo | Get-VteTestRun -HeaderOnly").Clean().Count);

    private void AssertRefused(string script, object? nothing, int errors = 1)
    {
        // Without the default the cmdlet could do without the configuration only where it takes none.
        var result = plant.Run(script, ("x", nothing), ("y", new PSObject(1)));
        Assert.True(result.Output.Count == 0, $"{script}: {result.Output.Count} objects");
        Assert.True(result.Ids() is ["VteWats.InvalidArgument"], $"{script}: {string.Join(", ", result.Ids())}");
        var told = result.Thrown is null ? result.Errors : [result.Thrown];
        Assert.Equal(errors, told.Count);
        Assert.All(told, e => Assert.NotEmpty(e.ErrorDetails.RecommendedAction));
        Assert.Equal(0, plant.Wats.Requests.Posts);
    }

    // What else the cmdlet must be given, so that it is the parameter under test that it refuses.
    private static string With(CmdletInfo command, string parameter, bool piped = false)
    {
        var set = command.ParameterSets.OrderByDescending(s => s.IsDefault)
            .First(s => s.Parameters.Any(p => p.Name == parameter && (!piped || p.ValueFromPipelineByPropertyName)));
        var others = set.Parameters.Where(p => p.IsMandatory && p.Name != parameter && !(piped && p.ValueFromPipelineByPropertyName))
            .Select(p => $" -{p.Name} {Value(p)}");
        var site = command.Parameters.ContainsKey("Site") && parameter != "Site" && !piped
            && !set.Parameters.Any(p => p.Name == "Site" && p.IsMandatory) ? " -Site Oslo" : "";
        var confirm = command.Parameters.ContainsKey("Confirm") ? " -Confirm:$false" : "";
        return string.Concat(others) + (piped ? "" : $" -{parameter} $x") + site + confirm;
    }

    private static string Value(CommandParameterInfo parameter) => parameter.Name switch
    {
        "Path" => "\"$Folder/out\"",
        "RunId" or "Id" => $"'{Id}'",
        "BaseUrl" => "https://wats.example.test",
        "Since" or "Timestamp" => "2024-01-01",
        "InputObject" or "Report" or "ToRun" => "$y",
        "TimeZone" => "UTC",
        "TimestampIs" => "start",
        _ when parameter.ParameterType == typeof(SwitchParameter) => "",
        _ => "x",
    };
}
