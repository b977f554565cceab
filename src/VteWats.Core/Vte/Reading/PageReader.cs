using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using VteWats.Core.Time;

namespace VteWats.Core.Vte.Reading;

/// <summary>What was read of a page, complete, and where the next page begins.</summary>
/// <param name="Drafts">In the order of the query.</param>
/// <param name="Last">Key of the last row, also when that run is gone; null for an empty page.</param>
/// <param name="Keys">How many keys the page had: fewer than asked for means that it is the last.</param>
/// <param name="Rows">Rows of all result sets.</param>
/// <param name="Bytes">About the size of their values.</param>
internal sealed record RunPage(IReadOnlyList<RunDraft> Drafts, PageCursor? Last, int Keys, long Rows, long Bytes)
{
    /// <summary>The page is one run, and that cannot be read.</summary>
    public BadRow? Bad { get; init; }

    /// <summary>How long the database took until it began to answer.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Its runs: made when the next page has been asked for, so that the server is at work meanwhile. To be called once.</summary>
    public Task<IReadOnlyList<VteTestRun>> FinishAsync(CancellationToken ct) =>
        Task.Run<IReadOnlyList<VteTestRun>>(() => [.. Drafts.Select(draft => draft.Finish())], ct).WaitAsync(ct);
}

/// <summary>Turns the result sets of a page statement into drafts of runs, putting rows together by their position in the page.</summary>
internal sealed class PageReader
{
    private readonly string _site;
    private readonly SiteClock _clock;
    private readonly VteResultCodes _codes;
    private readonly VteResultCodes _stepCodes;
    private readonly TwinIndex _twins = new();

    public PageReader(string site, SiteClock clock, VteResultCodes codes, VteResultCodes stepCodes, bool headerOnly)
    {
        _site = site;
        _clock = clock;
        _codes = codes;
        _stepCodes = stepCodes;
        HeaderOnly = headerOnly;
    }

    /// <summary>True when steps are left out.</summary>
    public bool HeaderOnly { get; }

    /// <summary>True when the page after this one need not bring the twins of its first timestamp.</summary>
    public bool KnowsTwins(PageCursor? after) => _twins.Knows(after);

    /// <summary>Blocks until the page is there: large values are read faster, and safely, by the synchronous calls.</summary>
    /// <returns>Null when the page broke its budget; nothing of it was kept then.</returns>
    public RunPage? Read(DbCommand command, IReadOnlyList<PageSet> sets, PageRequest request, PageBudget budget)
    {
        var watch = Stopwatch.StartNew();
        using var reader = command.ExecuteReader(CommandBehavior.SequentialAccess);
        var wait = watch.Elapsed;
        try
        {
            if (Read(reader, sets, request, budget) is { } page) return page with { Wait = wait };
        }
        catch
        {
            // Else closing the reader would wait for all that the server still has to send.
            command.Cancel();
            throw;
        }
        command.Cancel();
        return null;
    }

    private RunPage? Read(DbDataReader reader, IReadOnlyList<PageSet> sets, PageRequest request, PageBudget budget)
    {
        var rows = RowReader.Over(reader, budget);
        var drafts = new RunDraft?[request.Take + 1];
        var components = new Dictionary<Guid, List<VteComponent>>();
        var twins = new List<Twin>();
        PageCursor? last = null;
        var keys = 0;
        for (var n = 0; n < sets.Count; n++)
        {
            if (n > 0 && !rows.NextSet())
                throw new InvalidOperationException("The database answered with fewer result sets than it was asked for.");
            switch (sets[n])
            {
                case PageSet.Header: (keys, last) = ReadHeaders(rows, drafts); break;
                case PageSet.Component: ReadComponents(rows, components); break;
                case PageSet.Assembly: ReadAssemblies(rows, drafts); break;
                case PageSet.Twins: twins = TwinIndex.Read(rows); break;
                case var set: ReadSteps(rows, drafts, set); break;
            }
            if (rows.OverBudget) return null;
        }
        _twins.Take(twins, request.KnowsTwins, last?.Timestamp);
        var found = new List<RunDraft>(keys);
        foreach (var draft in drafts)
        {
            if (draft is null) continue;
            draft.Header = _twins.Mark(draft.Timestamp, draft.Header);
            if (draft.Header.Station.Id is { } id && components.TryGetValue(id, out var parts)) draft.Components = parts;
            found.Add(draft);
        }
        return new RunPage(found, last, keys, rows.Rows, rows.Bytes);
    }

    private (int Keys, PageCursor? Last) ReadHeaders(RowReader rows, RunDraft?[] drafts)
    {
        var keys = 0;
        PageCursor? last = null;
        while (rows.Read())
        {
            var position = rows.Integer(0)!.Value;
            var timestamp = rows.Raw(1);
            var id = rows.Raw(2);
            if (position > keys) (keys, last) = (position, new PageCursor(timestamp, id));
            if (rows.IsNull(3)) continue;
            // A key that occurs twice in a table that the run refers to brings its row twice: the first will do.
            drafts[position] ??= new RunDraft(ReadHeader(rows, timestamp), timestamp, HeaderOnly);
        }
        return (keys, last);
    }

    private VteTestRun ReadHeader(RowReader rows, object timestamp)
    {
        var at = 3;
        var id = rows.Guid(at++) ?? throw new DataException($"Index_GUID of a test run at {timestamp} is not a valid GUID.");
        var time = timestamp as DateTime? ?? DateTime.Parse((string)timestamp, CultureInfo.InvariantCulture);
        time = DateTime.SpecifyKind(time, DateTimeKind.Unspecified);
        var result = rows.Integer(at++);
        var exitCode = rows.Integer(at++);
        var testTime = rows.Number(at++);
        var (hostname, location, user, product) = (rows.Text(at++), rows.Text(at++), rows.Text(at++), rows.Text(at++));
        var (plan, variant, revision) = (rows.Text(at++), rows.Text(at++), rows.Text(at++));
        var (info1, info2, info3) = (rows.Text(at++), rows.Text(at++), rows.Text(at++));
        var (unitId, productId, planId, stationId) = (rows.Guid(at++), rows.Guid(at++), rows.Guid(at++), rows.Guid(at++));
        var (serial, batch) = (rows.Text(at++), rows.Text(at++));
        product = Own(product, rows.Text(at++));
        var (type, version) = (rows.Text(at++), rows.Text(at++));
        plan = Own(plan, rows.Text(at++));
        variant = Own(variant, rows.Text(at++));
        revision = Own(revision, rows.Text(at++));
        var station = rows.Text(at++);
        hostname = Own(hostname, rows.Text(at++));
        user = Own(user, rows.Text(at));
        return new VteTestRun
        {
            Id = id, Site = _site, Timestamp = time, Start = _clock.ToInstant(time), ResultCode = result, Result = _codes.NameOf(result),
            ExitCode = exitCode,
            TestTime = testTime, Operator = user, Info1 = info1, Info2 = info2, Info3 = info3,
            Unit = new VteUnit(unitId, serial, batch), Product = new VteProduct(productId, product, type, version),
            Testplan = new VteTestplan(planId, plan, variant, revision), Station = new VteStation(stationId, station, hostname, location),
        };
    }

    private void ReadSteps(RowReader rows, RunDraft?[] drafts, PageSet set)
    {
        while (rows.Read())
        {
            if (drafts[rows.Integer(0)!.Value] is not { } draft) continue;
            var (number, name, testNumber, units, result, description) = (rows.Integer(1), rows.Text(2), rows.Text(3), rows.Text(4),
                rows.Integer(5), rows.Text(6));
            var word = _stepCodes.NameOf(result);
            switch (set)
            {
                case PageSet.Numeric:
                    draft.Steps.Add(new VteNumericStep
                    {
                        StepNumber = number, Name = name, Number = testNumber, Units = units, ResultCode = result,
                        Result = word, Description = description,
                        LowLimit = rows.Number(7), HighLimit = rows.Number(8), Value = rows.Number(9),
                    });
                    break;
                case PageSet.Text:
                    var (words, cutWords) = rows.Long(7);
                    draft.Steps.Add(new VteTextStep
                    {
                        StepNumber = number, Name = name, Number = testNumber, Units = units, ResultCode = result,
                        Result = word, Description = description, Text = words, Cut = cutWords,
                    });
                    break;
                default:
                    var (text, bytes, cut) = rows.Opaque(7);
                    draft.Steps.Add(new VteOtherStep
                    {
                        StepNumber = number, Name = name, Number = testNumber, Units = units, ResultCode = result,
                        Result = word, Description = description, Text = text, Bytes = bytes, Cut = cut,
                    });
                    break;
            }
        }
    }

    private static void ReadAssemblies(RowReader rows, RunDraft?[] drafts)
    {
        while (rows.Read())
        {
            var draft = drafts[rows.Integer(0)!.Value];
            draft?.Assemblies.Add(new VteAssembly(rows.Text(1), rows.Text(2), rows.Text(3), rows.Text(4)));
        }
    }

    private static void ReadComponents(RowReader rows, Dictionary<Guid, List<VteComponent>> components)
    {
        while (rows.Read())
        {
            if (rows.Guid(0) is not { } station) continue;
            if (!components.TryGetValue(station, out var list)) components[station] = list = [];
            list.Add(new VteComponent(rows.Text(1), rows.Text(2), rows.Time(3), rows.Time(4)));
        }
    }

    private static string? Own(string? snapshot, string? referred) =>
        string.IsNullOrWhiteSpace(snapshot) && referred is not null ? referred : snapshot;
}
