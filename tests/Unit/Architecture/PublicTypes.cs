using Mono.Cecil;

namespace VteWats.Unit.Architecture;

/// <summary>Finds what an assembly shows without need, and what cmdlets show that PowerShell would have to load.</summary>
internal static class PublicTypes
{
    /// <returns>Public types that <paramref name="user"/> does not use, and that no member shows of those that it uses.</returns>
    public static IReadOnlyList<string> WithoutNeed(string library, string user)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(library);
        using var users = AssemblyDefinition.ReadAssembly(user);
        var shown = assembly.MainModule.Types.Where(type => type.IsPublic).ToDictionary(type => type.FullName);
        var needed = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<TypeReference>(users.MainModule.GetTypeReferences());
        while (waiting.TryDequeue(out var reference))
        {
            foreach (var part in Parts(reference))
            {
                if (!shown.TryGetValue(Outermost(part).FullName, out var type) || !needed.Add(type.FullName)) continue;
                foreach (var shownByIt in ShownBy(type)) waiting.Enqueue(shownByIt);
                // Who is given a step is given a numeric step.
                foreach (var kind in shown.Values.Where(kind => kind.BaseType?.FullName == type.FullName)) waiting.Enqueue(kind);
            }
        }
        return [.. shown.Keys.Except(needed).Order(StringComparer.Ordinal)];
    }

    /// <returns>Members of public types of <paramref name="path"/> for which PowerShell needs types of <paramref name="library"/> at the
    /// moment at which it loads the type that has them: bases, interfaces, and enums or structs in fields.</returns>
    public static IReadOnlyList<string> NeededWhenLoading(string path, string library)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(library));
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        using var assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = resolver });
        var name = Path.GetFileNameWithoutExtension(library);
        bool IsForeign(TypeReference type) => Parts(type).Any(part => part.Scope.Name == name);
        bool IsForeignValue(TypeReference type) => Parts(type).Any(part => part.Scope.Name == name && part.Resolve().IsValueType);
        return
        [
            .. from type in assembly.MainModule.Types
               where type.IsPublic
               from found in type.Interfaces.Select(i => i.InterfaceType).Prepend(type.BaseType).OfType<TypeReference>().Where(IsForeign)
                   .Select(used => used.FullName)
                   .Concat(type.Fields.Where(field => IsForeignValue(field.FieldType)).Select(field => field.Name))
                   .Concat(type.Properties.Where(property => IsForeignValue(property.PropertyType)).Select(property => property.Name))
               select $"{type.FullName}: {found}",
        ];
    }

    private static IEnumerable<TypeReference> ShownBy(TypeDefinition type) =>
    [
        .. type.Interfaces.Select(i => i.InterfaceType).Prepend(type.BaseType).OfType<TypeReference>(),
        .. type.Fields.Where(field => field.IsPublic || field.IsFamily).Select(field => field.FieldType),
        .. type.Methods.Where(method => method.IsPublic || method.IsFamily)
            .SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Prepend(method.ReturnType)),
        .. type.NestedTypes.Where(nested => nested.IsNestedPublic).SelectMany(ShownBy),
    ];

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification { ElementType: { } element } => Parts(element),
        _ => [type],
    };
}
