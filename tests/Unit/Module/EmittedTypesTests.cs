using System.Management.Automation;
using System.Reflection;

namespace VteWats.Unit.Module;

/// <summary>Scripts depend on the properties of what the cmdlets emit: whoever changes one sees here that they do.</summary>
public sealed class EmittedTypesTests
{
    private static readonly string Snapshot = Path.Combine(Repository.Root, "tests", "Unit", "Module", "EmittedTypes.txt");

    /// <summary>What goes down the pipeline with an object and is no script's business.</summary>
    private static readonly HashSet<string> Plumbing = ["ReadMark", "Checkpoint"];

    /// <summary>VTEWATS_REWRITE_DOCS=1 writes the file anew.</summary>
    [Fact]
    public void The_properties_of_what_the_cmdlets_emit_are_those_that_scripts_know()
    {
        using var module = new HostedModule();
        var emitted = module.Run("Get-Command -Module VteWats").Clean().SelectMany(c => ((CmdletInfo)c.BaseObject).OutputType)
            .Select(output => output.Type).Distinct();
        var now = WithWhatTheyHold(emitted).OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines).ToList();
        if (Environment.GetEnvironmentVariable("VTEWATS_REWRITE_DOCS") == "1") File.WriteAllText(Snapshot, string.Join('\n', now) + "\n");
        var known = File.ReadAllLines(Snapshot);
        var differences = known.Except(now).Select(line => "- " + line).Concat(now.Except(known).Select(line => "+ " + line)).ToList();
        Assert.True(
            differences.Count == 0,
            "Scripts may use what is gone here. Where that is meant: VTEWATS_REWRITE_DOCS=1 dotnet test --filter EmittedTypes, and a " +
            "line in CHANGELOG.md.\n" + string.Join('\n', differences));
    }

    private static HashSet<Type> WithWhatTheyHold(IEnumerable<Type> emitted)
    {
        var found = new HashSet<Type>();
        var waiting = new Queue<Type>(emitted);
        while (waiting.TryDequeue(out var type))
        {
            if (type.Assembly.GetName().Name != "VteWats.Core" || Plumbing.Contains(type.Name) || !found.Add(type)) continue;
            foreach (var held in Properties(type).SelectMany(property => Parts(property.PropertyType))) waiting.Enqueue(held);
            foreach (var kind in type.Assembly.GetExportedTypes().Where(type.IsAssignableFrom)) waiting.Enqueue(kind);
        }
        return found;
    }

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { IsArray: true } => Parts(type.GetElementType()!),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts),
        _ => [type],
    };

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0);

    private static IEnumerable<string> Lines(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(name => $"{type.FullName} = {name}")
        : Properties(type).OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => $"{type.FullName}.{property.Name}: {Name(property.PropertyType)}");

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (!type.IsGenericType) return type.Name;
        var plain = type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)];
        return $"{plain}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
