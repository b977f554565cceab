using System.Text.Json;
using System.Text.Json.Nodes;
using VteWats.Core.Configuration;
using VteWats.Core.Diagnostics;
using VteWats.Core.Mapping;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

/// <summary>What the check of the file lets through, the mapper takes; what the mapper refuses, the check has found before.</summary>
public sealed class MappingAgreementTests : IDisposable
{
    private static readonly JsonSerializerOptions Naming = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly string[] Templates = ["partNumber", "revision", "station", "location", "missingSerialNumber"];
    private static readonly string[] Texts = ["missingRevision", "purpose", "missingStation", "missingOperator"];
    private static readonly string[] Patterns = ["product", "testplan", "variant"];

    private static readonly string[] TemplateTexts =
        ["{Product.Name}", "{ site }-{Info1}", "plain", "a}b", "a{b", "{", "}", "{}", "{X}", "{Product.Name", "{{Site}}", "x{Id}y}"];

    private static readonly string[] PatternTexts =
        ["*", "A?", "plain (1)", "[", "/", "//", "/(final|rerun)/", "/(/", "/[/", "/a{2,1}/", "/a", "(/"];

    private static readonly string[] PlainTexts = ["Production", "a}b", "{X}", "", "\t", "\u0001", "\u0001 \u0002", "x\u0001"];

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    public static TheoryData<string> Cases()
    {
        var cases = new TheoryData<string>();
        foreach (var text in TemplateTexts)
        {
            foreach (var key in Templates) Add(new JsonObject { [key] = text });
            Add(new JsonObject { ["miscInfos"] = new JsonObject { ["Line"] = text } });
        }
        foreach (var text in PlainTexts)
        {
            foreach (var key in Texts) Add(new JsonObject { [key] = text });
            Add(new JsonObject { ["miscInfos"] = new JsonObject { [text] = "{Site}" } });
        }
        foreach (var (text, key) in PatternTexts.SelectMany(_ => Patterns, (text, key) => (text, key)))
            Add(Operation(100, (key, text)));
        foreach (var code in (int[])[-1, 0, 1, 32766, 32767])
        {
            Add(Operation(code));
            Add(new JsonObject { ["defaultProcessCode"] = code });
        }
        foreach (var letter in (string[])["P", "F", "E", "T", "D", "S", "p", "Passed"])
        {
            foreach (var key in (string[])["resultCodes", "stepResultCodes"])
                Add(new JsonObject { [key] = new JsonObject { ["7"] = letter } });
        }
        return cases;

        void Add(JsonObject mapping) => cases.Add(mapping.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_check_of_the_file_and_the_mapper_agree(string mapping)
    {
        var site = new JsonObject
        {
            ["connection"] = new JsonObject { ["path"] = "a.db" }, ["timeZone"] = "UTC", ["timestampIs"] = "start",
            ["mapping"] = JsonNode.Parse(mapping),
        };
        File.WriteAllText(_temp.File("vtewats.json"), new JsonObject { ["sites"] = new JsonObject { ["A"] = site } }.ToJsonString());
        var findings = ConfigurationFile.Check(_temp.File("vtewats.json"));
        var refused = RefusedByMapper(JsonSerializer.Deserialize<MappingOptions>(mapping, Naming)!);
        Assert.True(findings.Count > 0 == refused is not null,
            $"{mapping}: the check says <{string.Join(" | ", findings)}>, the mapper <{refused}>");
    }

    private static string? RefusedByMapper(MappingOptions options)
    {
        try
        {
            _ = new ReportMapper(options, "A");
            return null;
        }
        catch (VteWatsException e) when (e.Error == ErrorKind.ConfigurationInvalid)
        {
            return e.Message;
        }
    }

    private static JsonObject Operation(int code, params (string Key, string Text)[] patterns)
    {
        var rule = new JsonObject { ["processCode"] = code };
        foreach (var (key, text) in patterns) rule[key] = text;
        return new JsonObject { ["operations"] = new JsonArray(rule) };
    }
}
