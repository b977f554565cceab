using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace VteWats.Unit.Architecture;

/// <summary>Walks the references between the types of an assembly, those in method bodies too, and finds those that go up in a list of
/// layers.</summary>
internal static class LayerWalk
{
    /// <param name="path">The assembly.</param>
    /// <param name="root">Namespace in which the layers lie.</param>
    /// <param name="layers">Namespaces below <paramref name="root"/>; each may use those before it.</param>
    /// <returns>A line for each upward reference, with the names of both types, and for each type in a namespace that is not in the
    /// list.</returns>
    public static IReadOnlyList<string> UpwardReferences(string path, string root, IReadOnlyList<string> layers)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        var order = layers.Select((layer, index) => (layer, index)).ToDictionary(x => $"{root}.{x.layer}", x => x.index);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in assembly.MainModule.GetAllTypes())
        {
            if (Outermost(type) is not { } owner || owner.Namespace.Length == 0) continue;
            if (!order.TryGetValue(owner.Namespace, out var mine))
            {
                if (owner.Namespace.StartsWith(root, StringComparison.Ordinal)) found.Add($"{owner.FullName} is in no layer");
                continue;
            }
            foreach (var used in References(type))
            {
                if (used.Scope != assembly.MainModule || Outermost(used.Resolve()) is not { } other) continue;
                if (order.TryGetValue(other.Namespace, out var theirs) && theirs > mine) found.Add($"{owner.FullName} -> {other.FullName}");
            }
        }
        return [.. found];
    }

    /// <summary>The types of the assembly that these types, or what is nested in them, refer to.</summary>
    public static IReadOnlyList<string> UsedBy(string path, IReadOnlyCollection<string> types)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        return [.. assembly.MainModule.GetAllTypes().Where(type => types.Contains(Outermost(type)!.FullName)).SelectMany(References)
            .Where(used => used.Scope == assembly.MainModule).Select(used => Outermost(used.Resolve())?.FullName).OfType<string>()
            .Distinct().Order(StringComparer.Ordinal)];
    }

    private static TypeDefinition? Outermost(TypeDefinition? type)
    {
        while (type?.DeclaringType is { } outer) type = outer;
        return type;
    }

    private static IEnumerable<TypeReference> References(TypeDefinition type)
    {
        var direct = new List<TypeReference?> { type.BaseType };
        direct.AddRange(type.Interfaces.Select(i => i.InterfaceType));
        direct.AddRange(Attributes(type));
        direct.AddRange(type.GenericParameters.SelectMany(g => g.Constraints).Select(c => c.ConstraintType));
        foreach (var field in type.Fields)
        {
            direct.Add(field.FieldType);
            direct.AddRange(Attributes(field));
        }
        foreach (var property in type.Properties) direct.AddRange(Attributes(property));
        foreach (var method in type.Methods)
        {
            direct.Add(method.ReturnType);
            direct.AddRange(method.Parameters.Select(p => p.ParameterType));
            direct.AddRange(Attributes(method));
            if (!method.HasBody) continue;
            direct.AddRange(method.Body.Variables.Select(v => v.VariableType));
            direct.AddRange(method.Body.ExceptionHandlers.Select(h => h.CatchType));
            foreach (var instruction in method.Body.Instructions)
            {
                switch (instruction.Operand)
                {
                    case TypeReference used: direct.Add(used); break;
                    case FieldReference used: direct.AddRange([used.DeclaringType, used.FieldType]); break;
                    case MethodReference used:
                        direct.AddRange([used.DeclaringType, used.ReturnType]);
                        direct.AddRange(used.Parameters.Select(p => p.ParameterType));
                        if (used is GenericInstanceMethod generic) direct.AddRange(generic.GenericArguments);
                        break;
                }
            }
        }
        return direct.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider owner) => owner.CustomAttributes.SelectMany(a =>
        a.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>().Prepend(a.AttributeType));

    // A list of something refers to the something.
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification { ElementType: { } element } => Parts(element),
        GenericParameter => [],
        _ => [type],
    };
}
