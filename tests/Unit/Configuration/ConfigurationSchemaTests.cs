using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using VteWats.Core.Configuration;
using VteWats.Core.Sync;
using VteWats.Unit.Support;

namespace VteWats.Unit.Configuration;

public class ConfigurationSchemaTests
{
    /// <summary>VTEWATS_REWRITE_DOCS=1 writes the schema anew.</summary>
    [Fact]
    public void The_published_schema_is_what_the_loader_checks()
    {
        var path = Path.Combine(Repository.Root, "docs", "vtewats.schema.json");
        if (Environment.GetEnvironmentVariable("VTEWATS_REWRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, ConfigurationJsonSchema.Text());
        }
        Assert.Equal(ConfigurationJsonSchema.Text(), File.ReadAllText(path).ReplaceLineEndings("\n"));
    }

    /// <summary>VTEWATS_REWRITE_DOCS=1 writes the table anew.</summary>
    [Fact]
    public void The_table_of_keys_on_the_configuration_page_is_current()
    {
        const string Start = "<!-- keys -->\n", End = "<!-- /keys -->";
        var path = Path.Combine(Repository.Root, "docs", "configuration.md");
        var page = File.ReadAllText(path).ReplaceLineEndings("\n");
        var from = page.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        var to = page.IndexOf(End, StringComparison.Ordinal);
        var current = page[..from] + ConfigurationTable.Markdown() + page[to..];
        if (Environment.GetEnvironmentVariable("VTEWATS_REWRITE_DOCS") == "1") File.WriteAllText(path, page = current);
        Assert.Equal(current, page);
    }

    [Fact]
    public void The_package_holds_the_published_schema() => Assert.Equal(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "vtewats.schema.json")),
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(Repository.Module)!, "Schemas", "vtewats.schema.json")));

    /// <summary>A key that no record takes would be accepted and ignored; a property without a key could not be set.</summary>
    [Fact]
    public void Every_key_is_a_property_of_its_record_and_every_property_has_a_key() =>
        Compare(ConfigurationSchema.Root, typeof(VteWatsConfiguration), "$");

    private static void Compare(ConfigValue shape, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        switch (shape)
        {
            case ConfigText: Assert.True(type == typeof(string), path); break;
            case ConfigNumber { Fraction: true }: Assert.True(type == typeof(double), path); break;
            case ConfigNumber: Assert.True(type == typeof(int), path); break;
            case ConfigFlag: Assert.True(type == typeof(bool), path); break;
            case ConfigList list: Compare(list.Item, type.GetGenericArguments().Single(), path + "[]"); break;
            case ConfigMap map: Compare(map.Value, type.GetGenericArguments()[1], path + ".*"); break;
            case ConfigObject known:
                // What the loader fills in (where the file lies, and the name of a site), and what is not of the file at all.
                var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => !p.IsDefined(typeof(JsonIgnoreAttribute)))
                    .Where(p => (p.Name, type.Name) is not ("Name", nameof(SiteOptions)) and not ("Path", nameof(VteWatsConfiguration)))
                    .ToDictionary(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
                Assert.Equal(properties.Keys.Order(), known.Keys.Select(k => k.Name).Where(n => n != "$schema").Order());
                var nullability = new NullabilityInfoContext();
                foreach (var key in known.Keys.Where(k => k.Name != "$schema"))
                {
                    if (key.Shape.OrNull) Assert.True(nullability.Create(properties[key.Name]).ReadState == NullabilityState.Nullable,
                        $"{path}.{key.Name}");
                    Compare(key.Shape, properties[key.Name].PropertyType, $"{path}.{key.Name}");
                }
                break;
        }
    }
}
