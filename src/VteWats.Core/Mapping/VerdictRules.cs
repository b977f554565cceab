using VteWats.Core.Vte;

namespace VteWats.Core.Mapping;

/// <summary>What the figures of a row are at a site: which numbers are none, what verdict it has, and what its limits say.</summary>
internal sealed class VerdictRules
{
    private const int Few = 64;

    private readonly MappingOptions _options;
    private readonly double[] _sentinels;
    private readonly double _smallest;
    private readonly string?[] _letters = new string?[Few];
    private readonly bool _byLimits;

    public VerdictRules(MappingOptions options)
    {
        _options = options;
        _sentinels = [.. options.Sentinels];
        // A sentinel that passed through a column of type real has only the digits of a float.
        _smallest = _sentinels.Length == 0 ? double.PositiveInfinity : _sentinels.Min(Math.Abs) * (1 - 1e-6);
        foreach (var (code, letter) in options.StepResultCodes)
            if (code is >= 0 and < Few) _letters[code] = letter;
        _byLimits = options.StepVerdict == MappingOptions.ByLimits;
    }

    /// <summary>The verdict of a row; null where the site's mapping has none for it.</summary>
    public string? Verdict(VteStep row)
    {
        if (_byLimits) return Judged(row);
        if (row.ResultCode is { } code) return Letter(code);
        return _options.MissingStepResult switch
        {
            MappingOptions.ByLimits => Judged(row),
            MappingOptions.Refuse => null,
            var letter => letter,
        };
    }

    /// <summary>Why a value cannot be sent as a number; null when it can.</summary>
    public string? WhyUnusable(double? value)
    {
        if (value is not { } number) return "none was recorded";
        if (double.IsNaN(number)) return "not a number";
        if (double.IsInfinity(number)) return "infinite";
        return IsSentinel(number) ? "stands for no value" : null;
    }

    /// <summary>The limit where it is one; null for none, for one that is no number, and for a sentinel.</summary>
    public double? Limit(double? limit) => limit is { } number && double.IsFinite(number) && !IsSentinel(number) ? limit : null;

    /// <summary>What the limits say of a row: true for inside, false for outside; null where there are none, or reversed ones.</summary>
    public bool? IsInside(VteStep row)
    {
        if (row is not VteNumericStep numeric || WhyUnusable(numeric.Value) is not null) return null;
        return IsInside(numeric.Value!.Value, Limit(numeric.LowLimit), Limit(numeric.HighLimit));
    }

    /// <summary>The same of a value and limits that are known to be such.</summary>
    public static bool? IsInside(double value, double? low, double? high) =>
        low is null && high is null || low > high ? null : !Exceeds(low, value) && !Exceeds(value, high);

    /// <summary>True when VTE judged a row by its code and its limits say the opposite.</summary>
    public bool Contradicts(VteStep row, string verdict) =>
        (verdict is "P" or "F") && IsInside(row) is { } inside && inside != (verdict == "P");

    /// <summary>True where <see cref="Contradicts"/> can tell: the row was judged by its code and has limits and a value.</summary>
    public bool CanContradict(VteStep row) =>
        !_byLimits && row.ResultCode is { } code && Letter(code) is "P" or "F" && IsInside(row) is not null;

    private string? Letter(int code) => code is >= 0 and < Few ? _letters[code] : _options.StepResultCodes.GetValueOrDefault(code);

    private string Judged(VteStep row) => IsInside(row) switch { true => "P", false => "F", null => "D" };

    private bool IsSentinel(double number)
    {
        if (Math.Abs(number) < _smallest) return false;
        foreach (var sentinel in _sentinels)
        {
            if (Math.Abs(number - sentinel) <= 1e-9 * Math.Abs(sentinel) || number == (float)sentinel) return true;
        }
        return false;
    }

    // A value from a column of type real has the digits of a float: it is on its limit when the limit has the same ones.
    private static bool Exceeds(double? above, double? below)
    {
        if (above is not { } a || below is not { } b || a <= b) return false;
        var single = (float)a == a || (float)b == b;
        return !single || (float)a > (float)b;
    }
}
