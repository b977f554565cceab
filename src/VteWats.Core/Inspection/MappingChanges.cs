namespace VteWats.Core.Inspection;

/// <summary>Counts changes by kind, with examples, while runs are mapped both ways.</summary>
internal sealed class MappingChanges(string site)
{
    private const int MostExamples = 5;

    private readonly SortedDictionary<MappingChangeKind, Tally> _kinds = [];

    /// <summary>Adds the changes of one report.</summary>
    public void Add(IEnumerable<(MappingChangeKind Kind, MappingExample Example)> changes)
    {
        foreach (var kind in changes.GroupBy(change => change.Kind, change => change.Example))
        {
            if (!_kinds.TryGetValue(kind.Key, out var tally)) _kinds[kind.Key] = tally = new Tally();
            tally.Reports++;
            foreach (var example in kind)
            {
                tally.Count++;
                if (tally.Examples.Count < MostExamples && tally.Places.Add((example.Place, kind.Key == MappingChangeKind.StepRenamed
                    ? example.After : null)))
                    tally.Examples.Add(example);
            }
        }
    }

    /// <summary>What was counted, one a kind.</summary>
    public IEnumerable<MappingChange> All() => _kinds.Select(kind => new MappingChange
    {
        Kind = kind.Key, Site = site, Reports = kind.Value.Reports, Count = kind.Value.Count, Examples = kind.Value.Examples,
        Meaning = MeaningOf(kind.Key),
    });

    private static string MeaningOf(MappingChangeKind kind) => kind switch
    {
        MappingChangeKind.Mappable => "These runs are in the dead letters now; under the other mapping they would get into WATS.",
        MappingChangeKind.Unmappable => "No report could be made of these runs: they would go to the dead letters, and what WATS has of "
            + "them stays as it is.",
        MappingChangeKind.Unit => "WATS knows a unit by part number and serial number: these reports would move to another unit, and leave "
            + "the history, yield and retest counts of the one they have now.",
        MappingChangeKind.Operation => "Yield is counted by operation: these reports would move out of the one and into the other.",
        MappingChangeKind.Verdict => "Other yield: these reports would pass where they fail, or fail where they pass.",
        MappingChangeKind.Time => "These reports would lie at another time: trends, the order of retests and first-pass yield follow it.",
        MappingChangeKind.StepRenamed => "This breaks statistics: WATS adds up measurements by the names of the step and of the sequences "
            + "it stands in. Reports that are not sent again keep the old name, so trend, Cpk and yield of the step fall into two parts. "
            + "Invoke-VteWatsSync -Remapped moves what was sent to the new name.",
        MappingChangeKind.StepAdded => "Steps that these reports do not have now: their statistics begin with the other mapping.",
        MappingChangeKind.StepLost => "Steps that these reports would no longer have: their statistics end.",
        MappingChangeKind.StepVerdict => "Step yield and the Pareto of failures would change.",
        MappingChangeKind.Value => "Other measurements: averages, Cpk and histograms would change.",
        MappingChangeKind.Limit => "Other limits: Cpk, and every chart that shows them, would change.",
        MappingChangeKind.MeasureUnit => "The unit is shown beside the figures: values of one step under two units look alike and are not.",
        MappingChangeKind.Step => "Texts, groups, charts or attachments of steps: no statistics depend on them.",
        _ => "Fields that searches and filters use: station, location, purpose, operator, misc infos, sub-units. No measurement changes.",
    };

    private sealed class Tally
    {
        public long Reports { get; set; }
        public long Count { get; set; }
        public List<MappingExample> Examples { get; } = [];
        public HashSet<(string, string?)> Places { get; } = [];
    }
}
