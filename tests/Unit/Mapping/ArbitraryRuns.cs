using FsCheck;
using FsCheck.Fluent;
using VteWats.Core.Vte;

namespace VteWats.Unit.Mapping;

/// <summary>Runs as no plant has them: any Unicode, any double, any codes, any limits, 0 to 2000 steps.</summary>
internal static class ArbitraryRuns
{
    private static readonly Gen<char> Character = Gen.Frequency(
        (8, Gen.Choose(32, 126)), (2, Gen.Choose(0, 31)), (3, Gen.Choose(0, 0xFFFF)), (2, Gen.Choose(0xD800, 0xDFFF)), (1,
        Gen.Choose(0xFFFC, 0xFFFF)))
        .Select(c => (char)c);

    public static readonly Gen<string?> Text = Gen.Frequency(
        (8, Gen.Constant<string?>(null)),
        (8, Gen.Elements<string?>("", " ", "\0", "\uD83D", "😀", "İıIi", "٣٫٥", "A", "a")),
        (60, TextOf(0, 20)),
        (6, TextOf(80, 140)),
        (1, TextOf(4000, 7000)));

    private static readonly Gen<double> Double = Gen.Frequency(
        (6, Gen.Choose(-100_000, 100_000).Select(n => n / 1000.0)),
        (3, from high in Gen.Choose(int.MinValue, int.MaxValue)
            from low in Gen.Choose(int.MinValue, int.MaxValue)
            select BitConverter.Int64BitsToDouble(((long)high << 32) | (uint)low)),
        (2, Gen.Elements(
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, double.MaxValue, double.MinValue, double.Epsilon,
            9.91e37, (double)9.91e37f, -9.9e37, 1e38, 0.1, 1.0 / 3, 1e21, 123456789012345680)));

    private static readonly Gen<double?> MaybeDouble = Maybe(Double, 5);
    private static readonly Gen<int?> StepNumber = Maybe(Gen.Choose(-2, 60), 20);

    // Mostly known, or hardly any run would be mapped.
    private static readonly Gen<int?> StepCode =
        Gen.Frequency((997, Gen.Choose(0, 2).Select(c => (int?)c)), (2, Gen.Choose(-5, 9).Select(c => (int?)c)), (1,
        Gen.Constant<int?>(null)));
    private static readonly Gen<int?> RunCode =
        Gen.Frequency((20, Gen.Choose(0, 3).Select(c => (int?)c)), (1, Gen.Choose(int.MinValue, int.MaxValue).Select(c => (int?)c)), (1,
        Gen.Constant<int?>(null)));

    private static readonly Gen<VteStep> Step = Gen.Frequency(
        (6, from common in Common()
            from value in MaybeDouble
            from low in MaybeDouble
            from high in MaybeDouble
            select (VteStep)new VteNumericStep
            {
                StepNumber = common.Number, ResultCode = common.Code, Name = common.Name, Description = common.Description,
                Number = common.Text, Units = common.Units,
                Value = value, LowLimit = low, HighLimit = high,
            }),
        (3, from common in Common()
            from text in Text
            select (VteStep)new VteTextStep
            {
                StepNumber = common.Number, ResultCode = common.Code, Name = common.Name, Description = common.Description,
                Number = common.Text, Units = common.Units, Text = text,
            }),
        (2, from common in Common()
            from text in Text
            from bytes in Maybe(Gen.Choose(0, 300).Select(n => new byte[n]).ToReference(), 2)
            select (VteStep)new VteOtherStep
            {
                StepNumber = common.Number, ResultCode = common.Code, Name = common.Name, Description = common.Description,
                Number = common.Text, Units = common.Units,
                Text = text, Bytes = bytes,
            }));

    private static readonly Gen<IReadOnlyList<VteStep>> Steps =
        from count in Gen.Frequency((30, Gen.Choose(0, 12)), (6, Gen.Choose(13, 80)), (1, Gen.Choose(500, 2000)))
        from steps in Step.ListOf(count)
        select (IReadOnlyList<VteStep>)[.. steps];

    public static readonly Gen<VteTestRun> Run =
        from id in Gen.Choose(0, int.MaxValue)
        from ticks in Gen.Choose(0, int.MaxValue)
        from offset in Gen.Choose(-14 * 60, 14 * 60)
        from result in RunCode
        from exit in Maybe(Gen.Choose(int.MinValue, int.MaxValue), 3)
        from time in MaybeDouble
        from index in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 3000)))
        from texts in Text.ListOf(16)
        from steps in Steps
        from assemblies in (from t in Text.ListOf(4) select new VteAssembly(t[0], t[1], t[2], t[3])).ListOf(2)
        from components in (from t in Text.ListOf(2) select new VteComponent(t[0], t[1], new DateTime(2024, 1, 1), null)).ListOf(2)
        let start = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.FromMinutes(offset)).AddTicks(ticks * 4_000_000L)
        select new VteTestRun
        {
            Id = new Guid(id, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), Site = "Oslo", Timestamp = start.DateTime, Start = start, ResultCode = result,
            ExitCode = exit, TestTime = time,
            DuplicateIndex = index, Unit = new VteUnit(null, texts[0], texts[1]),
            Product = new VteProduct(null, texts[2] ?? "PN", texts[3], texts[4]),
            Testplan = new VteTestplan(null, texts[5], texts[6], texts[7]), Operator = texts[8], Info1 = texts[9], Info2 = texts[10],
            Info3 = texts[11],
            Station = new VteStation(null, texts[12], texts[13], texts[14]) { Components = [.. components] }, Assemblies = [.. assemblies],
            Steps = steps,
        };

    private static Gen<(int? Number, int? Code, string? Name, string? Description, string? Text, string? Units)> Common() =>
        from number in StepNumber
        from code in StepCode
        from name in Gen.OneOf(Text, Gen.Elements<string?>("Voltage", "Current", "voltage"))
        from description in Text
        from text in Gen.OneOf(Gen.Constant<string?>(null), Text)
        from units in Gen.OneOf(Text, Gen.Elements<string?>("V", "mA", "Ω"))
        select (number, code, name, description, text, units);

    private static Gen<string?> TextOf(int least, int most) =>
        from length in Gen.Choose(least, most) from characters in Character.ArrayOf(length) select (string?)new string(characters);

    private static Gen<T?> Maybe<T>(Gen<T> gen, int to) where T : struct =>
        Gen.Frequency((1, Gen.Constant<T?>(null)), (to, gen.Select(v => (T?)v)));

    private static Gen<byte[]?> Maybe(Gen<byte[]?> gen, int to) => Gen.Frequency((1, Gen.Constant<byte[]?>(null)), (to, gen));

    private static Gen<byte[]?> ToReference(this Gen<byte[]> gen) => gen.Select(b => (byte[]?)b);
}
