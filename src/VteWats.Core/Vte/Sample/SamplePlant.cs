using System.Globalization;
using VteWats.Core.Vte.Sqlite;

namespace VteWats.Core.Vte.Sample;

internal sealed record SampleProduct(Guid Id, string Name, string Type, string Version, string Prefix);
internal sealed record SamplePlan(Guid Id, Guid RevisionId, string Name, string Variant, string Revision, SampleProduct Product,
    IReadOnlyList<SampleStep> Steps);
internal sealed record SampleStation(Guid Id, string Name, string Hostname, string Location);
internal sealed record SampleUser(Guid Id, string Name);
internal enum SampleStepKind { Numeric, Text, OtherText, OtherBytes }

/// <summary>A step as its test plan describes it. Values are rounded to <paramref name="Scale"/> parts of the unit.</summary>
internal sealed record SampleStep(
    SampleStepKind Kind, int StepNumber, string Name, string Description, string Number, string? Units, double Nominal, double Tolerance,
    double Scale,
    double? Low, double? High);

/// <summary>What a plant has before its first test run: products, test plans with their steps, stations at two sites, operators.</summary>
internal sealed class SamplePlant
{
    private static readonly string[] Quantities =
        ["Supply current", "Output voltage", "Ripple voltage", "Insulation resistance", "Load regulation", "Clock frequency", "Rise time",
        "Offset", "Gain", "Leakage current", "Case temperature"];
    private static readonly (string Unit, double Nominal)[] Units =
        [("A", 0.35), ("V", 24), ("mV", 18), ("MOhm", 500), ("%", 0.8), ("MHz", 16), ("ns", 42), ("mV", 1.5), ("dB", 20), ("uA", 3.3),
        ("degC", 41.5)];
    private static readonly string[] Places = ["Oslo", "Stuttgart"];
    private static readonly string[] Operators = ["Kari Nordmann", "Jürgen Groß", "ola.hansen", "İbrahim Şahin", "王小明", "Operator 7"];
    private static readonly string[] Texts = ["Firmware version", "Calibration label"];
    private static readonly string[] Conditions = ["no load", "full load", "cold", "after warm-up", "channel 1", "channel 2", "burst"];

    public SamplePlant(SampleRandom random)
    {
        Products =
        [
            Product("PSU-2405", "Power supply", "A", "P24"), Product("PSU-2405", "Power supply", "B", "P24"),
            Product("CTRL-310", "Controller", "1.2", "C31"),
            Product("RF-AMP-868", "Amplifier", "C", "RFA"), Product("VALVE-DRV-8  ", "Driver", "2", "VD8"),
            Product("Датчик давления ДМ-5", "Датчик", "Б", "ДМ5"),
            Product("SENSOR-HUB-" + new string('X', 120), "Hub", "0.9", "HUB"),
        ];
        // Most of what a plant builds is one of a few products: the odd ones at the end are rare.
        Plans =
        [
            .. Products.SelectMany((product, i) => new[] { Plan(product, "Final Test", "Production", "1." + i),
                Plan(product, "Final Test", "Production", "2.0") }),
            Plan(Products[0], "Burn-in", "Long", "1.0"), Plan(Products[2], "In-Circuit", "Panel", "3.1"),
        ];
        Stations =
        [
            .. from place in Places
               from number in Enumerable.Range(1, 3)
               select new SampleStation(
                   random.Guid(), string.Create(CultureInfo.InvariantCulture, $"VTE-{place[..2].ToUpperInvariant()}-{number:00}"),
                   string.Create(CultureInfo.InvariantCulture, $"{place.ToLowerInvariant()}-vte{number}"), place),
        ];
        Users = [.. Operators.Select(name => new SampleUser(random.Guid(), name))];

        SampleProduct Product(string name, string type, string version, string prefix) => new(random.Guid(), name, type, version, prefix);
        SamplePlan Plan(SampleProduct product, string name, string variant, string revision) => new(
            random.Guid(), random.Guid(), $"{product.Name.Trim().Split('-', ' ')[0]} {name}", variant, revision, product, Steps(random));
    }

    public IReadOnlyList<SampleProduct> Products { get; }
    public IReadOnlyList<SamplePlan> Plans { get; }
    public IReadOnlyList<SampleStation> Stations { get; }
    public IReadOnlyList<SampleUser> Users { get; }

    // 20 steps hold each kind once at least: both limits, one, none, text, other as text, other as bytes.
    private static SampleStep[] Steps(SampleRandom random)
    {
        var steps = new SampleStep[20 + random.Below(41)];
        for (var i = 0; i < steps.Length; i++)
        {
            var place = i % 20;
            var kind = place switch
            {
                16 or 17 => SampleStepKind.Text,
                18 => SampleStepKind.OtherText,
                19 =>
                SampleStepKind.OtherBytes,
                _ => SampleStepKind.Numeric
            };
            var choice = random.Below(Quantities.Length);
            var (unit, nominal) = Units[choice];
            var tolerance = nominal * (0.02 + random.Below(9) * 0.01);
            var scale = nominal >= 100 ? 100.0 : nominal >= 1 ? 10_000.0 : 1_000_000.0;
            var title = kind switch
            {
                SampleStepKind.Text => Texts[place % 2],
                SampleStepKind.OtherText => "Operator remark",
                SampleStepKind.OtherBytes => "Waveform",
                _ => $"{Quantities[choice]}, {random.Of(Conditions)}",
            };
            steps[i] = new SampleStep(
                kind, (i + 1) * 10, title, $"{title} as in the test specification",
                string.Create(CultureInfo.InvariantCulture, $"{1 + i / 10}.{i % 10 + 1}"),
                kind == SampleStepKind.Numeric ? unit : null, nominal, tolerance, scale,
                kind == SampleStepKind.Numeric && place <= 12 ? Math.Round((nominal - tolerance) * scale) / scale : null,
                kind == SampleStepKind.Numeric && place is < 11 or 13 or 14 ? Math.Round((nominal + tolerance) * scale) / scale : null);
        }
        return steps;
    }

    /// <summary>The rows of the configuration tables. Passwords are planted so that a test can see that none ever comes out.</summary>
    public void Write(RowWriter rows, SampleRandom random, DateTime until)
    {
        foreach (var p in Products) rows.Write("Products", p.Id, p.Name, p.Type, p.Version, null);
        foreach (var p in Plans)
        {
            rows.Write("Testplans", p.Id, p.Name, p.Variant);
            rows.Write("TestplanRevisions", p.RevisionId, p.Id, p.Revision);
        }
        foreach (var s in Stations)
        {
            rows.Write("TestSystems", s.Id, s.Name, s.Hostname);
            foreach (var name in new[] { "DMM 34465A", "PSU N6705C", "Fixture" })
            {
                var calibrated = until.Date.AddDays(-random.Below(400));
                rows.Write("TestsystemComponents", s.Id, name, $"MY{random.Below(90_000_000) + 10_000_000}", calibrated,
                    calibrated.AddYears(1));
            }
            foreach (var p in Plans) rows.Write("ProductRegistrations", p.Product.Id, s.Id, p.Id, p.RevisionId);
            foreach (var u in Users) rows.Write("UserRegistrations", u.Id, s.Id);
        }
        foreach (var u in Users) rows.Write("Users", u.Id, u.Name, $"planted-password-{random.Below(1_000_000)}");
        foreach (var (code, text) in ActionCodes) rows.Write("RepairActionCodes", code, text);
        foreach (var (code, text) in FailureCodes) rows.Write("RepairFailureCodes", code, text);
        foreach (var p in Products)
        {
            var syndrome = random.Guid();
            rows.Write("RepairSyndromes", syndrome, p.Id, "No output", "Output stays at 0 V");
            rows.Write("RepairSyndromeCauses", syndrome, "Fuse blown", 1 + random.Below(20));
        }
    }

    public static readonly (string Code, string Text)[] ActionCodes = [("R10", "Replaced component"), ("R20", "Resoldered"), ("R30",
        "Adjusted")];
    public static readonly (string Code, string Text)[] FailureCodes = [("F01", "Defective component"), ("F02", "Solder fault"), ("F03",
        "Wrong assembly")];
}
