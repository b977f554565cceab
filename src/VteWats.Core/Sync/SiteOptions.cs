using System.Text.Json.Serialization;
using VteWats.Core.Mapping;
using VteWats.Core.Vte;
using VteWats.Core.Vte.Reading;
using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Sync;

/// <summary>One VTE database and what is particular to it.</summary>
public sealed record SiteOptions
{
    /// <summary>Name of the site: its key in <c>sites</c>.</summary>
    public string Name { get; init; } = "";

    public ConnectionOptions Connection { get; init; } = new();

    /// <summary>IANA or Windows id of the test stations' time zone. Required: there is no default and no guess.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Where this site's tables and columns differ from the reference schema.</summary>
    public SchemaProfileOptions SchemaProfile { get; init; } = new();

    /// <summary>Whether <c>Timestamp</c> is the begin or the end of a test: <c>start</c> or <c>end</c>. Required in a file: there is no
    /// default and no guess.</summary>
    public string? TimestampIs
    {
        get => _timestampIs;
        init => (_timestampIs, _mapping) = (value, Stamped(_mapping, value));
    }

    /// <summary>How its runs become reports, with what its timestamps are.</summary>
    public MappingOptions Mapping
    {
        get => _mapping;
        init => _mapping = Stamped(value, _timestampIs);
    }

    private readonly string? _timestampIs;
    private readonly MappingOptions _mapping = new();

    /// <summary>Start of the very first sync when no watermark is there: site local time, or an instant with offset.</summary>
    public string? InitialSince { get; init; }

    /// <summary>Which of its runs are not finished yet, and held.</summary>
    public UnfinishedOptions Unfinished { get; init; } = new();

    // For binding by property name.
    [JsonIgnore] public string Site => Name;

    // One fact in two places of the file's reader: the keys may come in any order.
    private static MappingOptions Stamped(MappingOptions mapping, string? meaning) =>
        meaning is null || mapping.TimestampIs == meaning ? mapping : mapping with { TimestampIs = meaning };

    /// <summary>What the reader of its database needs to know.</summary>
    public VteSourceOptions ToSource() => new()
    {
        Site = Name, Connection = Connection, SchemaProfile = SchemaProfile, ResultCodes = new VteResultCodes(Mapping.ResultCodes),
        StepResultCodes = new VteResultCodes(Mapping.StepResultCodes),
        KeptValueBytes = Mapping.AttachmentLimitBytes,
    };
}
