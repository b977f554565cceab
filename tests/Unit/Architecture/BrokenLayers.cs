// A small house that breaks the rule in every way that the walk must see; its own tests walk it.
#pragma warning disable CA1812, CA1823, CS0169, CS0649, IDE0051

namespace VteWats.Unit.Architecture.Broken.High
{
    internal sealed class Tool
    {
        public static object Make() => Low.Part.Make();
    }
}

namespace VteWats.Unit.Architecture.Broken.Low
{
    internal sealed class Part
    {
        public static object Make() => new();
    }

    internal sealed class InAField
    {
        private readonly High.Tool? _tool;
    }

    internal sealed class InAMethodBody
    {
        public static object Make() => High.Tool.Make();
    }

    internal sealed class AsABase : List<High.Tool>;

    internal sealed class InALambda
    {
        public static readonly Func<object> Make = () => typeof(High.Tool);
    }

    internal sealed class AsAnArgument
    {
        public static void Take(High.Tool?[] tools) => _ = tools.Length;
    }
}

namespace VteWats.Unit.Architecture.Broken.Nowhere
{
    internal sealed class Lost;
}
