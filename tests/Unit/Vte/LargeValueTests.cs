using System.Security.Cryptography;
using System.Text;
using Dapper;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Wats;
using VteWats.Unit.Support;

namespace VteWats.Unit.Vte;

/// <summary>Results of any size: hashed to their end, kept up to a limit.</summary>
public sealed class LargeValueTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public LargeValueTests()
    {
        ReadingSample.Empty(File);
        using var db = ReadingSample.Direct(File);
        ReadingSample.Insert(db, Run, "2024-11-01 10:00:00.000", 1);
    }

    private static readonly Guid Run = new("11111111-2222-3333-4444-555555555555");

    private string File => _folder.File("large.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(102_400, true)]
    [InlineData(102_401, false)]
    [InlineData(3_000_000, false)]
    public async Task A_text_over_the_limit_leaves_its_beginning_its_size_and_its_hash(int length, bool kept)
    {
        var text = Letters(length);
        Add("TestDataText", text);
        var step = Assert.Single((await ReadAsync()).Steps!.OfType<VteTextStep>());
        if (kept)
        {
            Assert.Equal((text, null), (step.Text, step.Cut));
            return;
        }
        Assert.Equal(text[..4000], step.Text);
        Assert.Equal(new VteCutValue(length, Sha256(Encoding.UTF8.GetBytes(text))), step.Cut);
    }

    [Theory]
    [InlineData(102_400, true)]
    [InlineData(102_401, false)]
    [InlineData(3_000_000, false)]
    public async Task Data_over_the_limit_leave_their_size_and_their_hash(int length, bool kept)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        Add("TestDataOther", bytes);
        var step = Assert.Single((await ReadAsync()).Steps!.OfType<VteOtherStep>());
        Assert.Equal(kept ? bytes : null, step.Bytes);
        Assert.Equal(kept ? null : new VteCutValue(length, Sha256(bytes)), step.Cut);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(9_000)]
    [InlineData(50_000)]
    [InlineData(500_000)]
    public async Task The_content_hash_is_the_same_however_much_is_kept(int length)
    {
        // Two steps that nothing tells apart but their values, so that these decide their order.
        foreach (var table in new[] { "TestDataText", "TestDataOther" })
        {
            Add(table, "é" + Letters(length));
            Add(table, "è" + Letters(length));
        }
        var hashes = new List<string?>();
        foreach (var limit in new[] { 0, 20_000, 102_400 }) hashes.Add((await ReadAsync(limit)).ContentHash);
        Assert.Single(hashes.Distinct());
        using (var db = ReadingSample.Direct(File))
            db.Execute("UPDATE TestDataText SET TestResult = TestResult || 'x' WHERE rowid = 2");
        Assert.NotEqual(hashes[0], (await ReadAsync()).ContentHash);
    }

    [Fact]
    public void The_hash_of_a_run_without_large_values_is_what_it_always_was()
    {
        var run = new VteTestRun
        {
            Id = Run, Site = "Oslo", Timestamp = new DateTime(2024, 11, 1, 10, 0, 0), Start = default, ResultCode = 1, TestTime = 4.5,
            Unit = new VteUnit(Run, "SN1", null), Product = new VteProduct(null, "P", "T", "V"), Operator = "Kari",
            Steps =
            [
                new VteNumericStep { StepNumber = 1, Name = "Rail", Value = 5.1, LowLimit = 4.75, Units = "V", ResultCode = 1 },
                new VteTextStep { StepNumber = 2, Name = "Firmware", Text = "1.4.2-µ" },
                new VteOtherStep { StepNumber = 3, Name = "Blob", Bytes = [1, 2, 3] },
            ],
        };
        Assert.Equal("7c8817851e28f6ad73f25a51573941a4d9b4b5c88bc4633aeae7a9f5cf302ac6", ContentHash.From(run));
    }

    [Fact]
    public void A_text_in_pieces_is_cut_where_the_whole_one_would_be()
    {
        // A pair at the end of what is kept, others across the pieces, and half a pair at the end.
        var text = Letters(3999) + string.Concat(Enumerable.Repeat("😀", 60_000)) + "\ud83d";
        var utf8 = Encoding.UTF8.GetBytes(text);
        var keeper = new TextKeeper();
        foreach (var piece in new[] { 1, 777, TextKeeper.Piece, 10_000 })
        {
            keeper.Begin(20_000);
            for (var at = 0; at < text.Length; at += piece) keeper.Add(text.AsSpan(at, Math.Min(piece, text.Length - at)));
            Assert.Equal((text[..3999], LargeValue.Cut(utf8)), keeper.End());
            Assert.Equal(text[..3999], LargeValue.BeginningOf(utf8));
        }
        keeper.Begin(20_000);
        keeper.Add("short");
        Assert.Equal(("short", null), keeper.End());
    }

    [Fact]
    public async Task The_report_of_a_cut_value_tells_what_the_report_of_the_whole_one_would()
    {
        var (text, bytes) = (Letters(200_000), new byte[200_000]);
        Add("TestDataText", text);
        Add("TestDataOther", bytes);
        Add("TestDataOther", text);
        var options = new MappingOptions { DefaultProcessCode = 10 };
        var run = await ReadAsync();
        var whole = run with
        {
            Steps = [.. run.Steps!.Select(step => step switch
            {
                VteTextStep t => t with { Text = text, Cut = null },
                VteOtherStep { Text: null } o => o with { Bytes = bytes, Cut = null },
                VteOtherStep o => o with { Text = text, Cut = null },
                _ => step,
            })],
        };
        var mapper = new ReportMapper(options, "Oslo");
        Assert.Equal(3, run.Steps!.Count(s => s is VteTextStep { Cut: not null } or VteOtherStep { Cut: not null }));
        Assert.Equal(Encoding.UTF8.GetString(Wsjf.ToUtf8(mapper.Map(whole))), Encoding.UTF8.GetString(Wsjf.ToUtf8(mapper.Map(run))));
    }

    private void Add(string table, object value)
    {
        using var db = ReadingSample.Direct(File);
        db.Execute($"INSERT INTO {table} (Index_GUID, TestStepNumber, TestName, TestResult, TestResultType) VALUES (@key, 9, 'Large', "
            + "@value, 1)",
            new { key = Run.ToString("D").ToUpperInvariant(), value });
    }

    private async Task<VteTestRun> ReadAsync(int limit = 100 * 1024)
    {
        var site = ReadingSample.Site(File);
        await using var source =
            await TestSource.OpenAsync(site with { Mapping = new MappingOptions { AttachmentLimitBytes = limit } }, null,
            CancellationToken.None);
        return Assert.Single(await source.ReadAsync(new TestRunQuery(), CancellationToken.None).ToListAsync());
    }

    private static string Letters(int length) => string.Create(length, 0, (span, _) =>
    {
        for (var i = 0; i < span.Length; i++) span[i] = (char)('a' + i * 7 % 26);
    });

    private static string Sha256(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant();
}
