using VteWats.Core.Vte.Schema;

namespace VteWats.Core.Vte.Reading;

/// <summary>Which VTE database a site has, and how it is read.</summary>
public sealed record VteSourceOptions
{
    /// <summary>Name of the site, which every run bears.</summary>
    public required string Site { get; init; }

    public ConnectionOptions Connection { get; init; } = new();

    /// <summary>Where the site's tables and columns differ from the reference schema.</summary>
    public SchemaProfileOptions SchemaProfile { get; init; } = new();

    /// <summary>The runs of the database that belong to the site; all when it says nothing.</summary>
    public RowShareOptions Rows { get; init; } = new();

    /// <summary>Bytes of one text or binary result that are kept; of a longer one its size, hash and beginning are. 0 to 102400; 16,000 are
    /// kept in any case.</summary>
    public int KeptValueBytes { get; init; } = 100 * 1024;

    /// <summary>Told of each failure that a reading gets over by trying again.</summary>
    public Action<Exception>? OnRetry { get; init; }

    /// <summary>Told of each attempt to reach the server, and of what came of one that failed.</summary>
    public Action<ConnectionAttempt>? OnAttempt { get; init; }

    /// <summary>What the result codes of its runs mean.</summary>
    public required VteResultCodes ResultCodes { get; init; }

    /// <summary>What the result codes of its steps mean.</summary>
    public required VteResultCodes StepResultCodes { get; init; }
}
