using System.Text.Json;
using VteWats.Core.Sync.DeadLetters;
using VteWats.Unit.Support;
using VteWats.WatsSandbox;

namespace VteWats.Unit.Commands;

/// <summary>
/// What cmdlets are tried on: two configured sites, Oslo and Bergen, with a sample database each, a state folder and the sandbox. The sites
/// are of one time zone, and no run of theirs has an operation of its own.
/// </summary>
public sealed class CmdletPlant : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _temp = new();

    public SandboxServer Wats { get; private set; } = null!;
    public HostedModule Module { get; } = new();

    /// <summary>Brackets are legal in the names of folders, and are wildcards in PowerShell.</summary>
    public string Folder => Path.Combine(_temp.Path, "br[1]");

    public string Configuration => File("vtewats.json");
    public string State => File("state");

    public string File(string name) => Path.Combine(Folder, name);

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        Wats = await SandboxServer.StartAsync();
        await System.IO.File.WriteAllTextAsync(File("token"), Wats.Token);
        await System.IO.File.WriteAllTextAsync(Configuration, JsonSerializer.Serialize(new
        {
            sites = new Dictionary<string, object> { ["Oslo"] = Site("oslo.db"), ["Bergen"] = Site("bergen.db") },
            wats = new { baseUrl = Wats.BaseUrl.OriginalString, token = "file:token", requestsPerMinute = 0, proxy = "none" },
            stateFolder = "state",
        }));
        foreach (var (name, seed) in new[] { ("oslo.db", 3), ("bergen.db", 4) })
        {
            Module.Run("param($path, $seed) New-VteSampleDatabase $path -Runs 30 -Seed $seed -Until 2025-03-01", ("path", File(name)),
                ("seed", seed)).Clean();
        }
    }

    /// <summary>A plant of a test's own.</summary>
    public static async Task<CmdletPlant> StartAsync()
    {
        var plant = new CmdletPlant();
        await plant.InitializeAsync();
        return plant;
    }

    public async Task DisposeAsync()
    {
        await Wats.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        Module.Dispose();
        _temp.Dispose();
    }

    /// <summary>A script in which every cmdlet finds the plant's configuration, and <c>$Folder</c> is the plant's.</summary>
    public ScriptResult Run(string script, params (string Name, object? Value)[] arguments) => Module.Run(
        "param($c, $Folder, $x, $y) $PSDefaultParameterValues = @{ '*:ConfigurationPath' = $c }; "
        + script, [("c", Configuration), ("Folder", Folder), .. arguments]);

    internal DeadLetterStore Letters(string site) => new(State, site);

    private static object Site(string database) => new
    {
        connection = new { path = database, settleSeconds = 0 },
        timeZone = "Europe/Oslo",
        timestampIs = "start",
        initialSince = "2000-01-01",
        mapping = new { defaultProcessCode = 100 },
    };
}

/// <summary>Answers of cmdlets that the tests look at.</summary>
internal static class ScriptResultExtensions
{
    /// <summary>Ids of all errors, without the cmdlet's name.</summary>
    public static IReadOnlyList<string> Ids(this ScriptResult result) =>
    [
        .. result.Errors.Concat(result.Thrown is { } thrown ? [thrown] : [])
            .Select(error => error.FullyQualifiedErrorId.Split(',')[0]).Distinct(),
    ];
}
