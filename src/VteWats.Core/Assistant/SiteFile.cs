using System.Text;
using System.Text.Json.Nodes;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Vte;

namespace VteWats.Core.Assistant;

/// <summary>Writes what the assistant proposes: a new file, another site in a file that is there, answers to what was left open.</summary>
public static class SiteFile
{
    private const string Schema = InitialConfiguration.SchemaFileName;

    /// <summary>Writes a new file with one site.</summary>
    /// <param name="path">The file.</param>
    /// <param name="proposal">The site.</param>
    /// <param name="connection">Its connection, with an absolute path.</param>
    /// <param name="baseUrl">Base URL of the WATS server.</param>
    /// <param name="tokenReference">Reference to the token.</param>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: lists every value that cannot be; <c>FileUnusable</c>.</exception>
    public static void Create(string path, SiteProposal proposal, ConnectionOptions connection, string baseUrl, string tokenReference)
    {
        path = Path.GetFullPath(path);
        var text = new StringBuilder();
        ConfigurationTemplate.Comment(text,
            "Configuration of VteWats, made by Initialize-VteWatsSite. Above each key stands why it is so; a line that "
            + "begins with OPEN wants an answer from you. docs/configuration.md lists every key with its default.", "");
        text.Append("{\n");
        SiteText.Member(text, "$schema", JsonValue.Create(Schema), "  ");
        text.Append("  \"sites\": {\n").Append(Site(path, proposal, connection)).Append("  },\n");
        ConfigurationTemplate.Comment(text, "The WATS server, as it was given. The token is not here, only where it is.", "  ");
        SiteText.Member(text, "wats", new JsonObject { ["baseUrl"] = baseUrl, ["token"] = tokenReference }, "  ");
        text.Append("}\n");
        Write(path, text.ToString(), proposal);
    }

    /// <summary>Puts a site into a file that is there; all else in it stays as it is, comments too.</summary>
    /// <exception cref="VteWatsException"><c>ConfigurationInvalid</c>: something is wrong with the site, or another one would be; nothing
    /// was written then. <c>FileUnusable</c>.</exception>
    public static void Add(string path, SiteProposal proposal, ConnectionOptions connection)
    {
        path = Path.GetFullPath(path);
        var text = Read(path);
        var site = Site(path, proposal, connection);
        var changed = JsonText.Append(text, ["sites"], site) ?? JsonText.Append(text, [], $"  \"sites\": {{\n{site}  }},\n")
            ?? throw NotUsable(path);
        Write(path, changed, proposal, text);
    }

    /// <summary>Writes answers to what the file leaves open, or what was given anew, into a site that is there.</summary>
    /// <returns>False when there was nothing to write.</returns>
    public static bool Answer(string path, SiteProposal proposal)
    {
        path = Path.GetFullPath(path);
        var before = Read(path);
        var text = before;
        foreach (var decision in proposal.Decisions.Where(d => d.Certainty != DecisionCertainty.Open)
            .OrderBy(d => d.Decision, StringComparer.Ordinal))
        {
            var keys = decision.Decision.Split('.');
            string[] owner = ["sites", proposal.Site, .. keys[..^1]];
            var indent = new string(' ', 2 * (owner.Length + 1));
            // A code was left open beside its table.
            if (keys.Length == 3) text = JsonText.Close(text, owner[..^1], $"{keys[1]}.{keys[2]}", "") ?? text;
            var member = SiteText.Text(decision, indent);
            text = JsonText.Replace(text, [.. owner, keys[^1]], decision.Json?.ToJsonString(SiteText.Literal) ?? SiteText.Nothing(keys[^1]))
                ?? JsonText.Close(text, owner, keys[^1], member)
                ?? JsonText.Append(text, owner, member)
                ?? JsonText.Append(text, owner[..^1], $"{indent[2..]}\"{owner[^1]}\": {{\n{member}{indent[2..]}}},\n")
                ?? throw NotUsable(path);
        }
        if (text == before) return false;
        Write(path, text, proposal, before);
        return true;
    }

    private static string Site(string path, SiteProposal proposal, ConnectionOptions connection) => SiteText.Site(
        proposal.Site, Connection(connection, Path.GetDirectoryName(path)!), proposal.Decisions, "    ");

    private static JsonObject Connection(ConnectionOptions connection, string folder)
    {
        var json = new JsonObject();
        if (connection.ConnectionString is { } text) json["connectionString"] = text;
        if (connection.Path is { } database) json["path"] = InitialConfiguration.Near(database, folder);
        if (connection.UserName is { } user) json["userName"] = user;
        if (connection.Password is { } password) json["password"] = password;
        return json;
    }

    // A key that is left open may be missing; nothing else may be wrong, unless it was so before.
    private static void Write(string path, string text, SiteProposal proposal, string? before = null)
    {
        var own = ConfigurationCheck.Below("$.sites", proposal.Site);
        var open = proposal.Decisions.Where(d => d.Certainty == DecisionCertainty.Open).Select(d => $"{own}.{d.Decision}").ToHashSet();
        if (open.Contains($"{own}.schemaProfile")) open.UnionWith([$"{own}.timeZone", $"{own}.timestampIs"]);
        var known = before is null ? [] : ConfigurationFile.FindingsOf(before).Select(f => f.ToString()).ToHashSet();
        ConfigurationFile.WriteText(path, text, finding => open.Contains(finding.Path)
            && finding.Message.StartsWith("Missing", StringComparison.Ordinal) || known.Contains(finding.ToString()));
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VteWatsException(ErrorKind.FileUnusable, $"The configuration file {path} cannot be read: {e.Message}",
                "Check the path, and whether you may read the file.", path, e);
        }
    }

    private static VteWatsException NotUsable(string path) => new(
        ErrorKind.ConfigurationInvalid, $"The configuration file {path} is not one object with sites in it, so nothing can be added.",
        "Test-VteWatsConfiguration tells what is wrong with it; Initialize-VteWatsSite makes a new one.", path);
}
