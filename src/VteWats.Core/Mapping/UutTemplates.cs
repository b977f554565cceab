using System.Globalization;
using VteWats.Core.Vte;
using VteWats.Core.Wats;

namespace VteWats.Core.Mapping;

/// <summary>The fields of a report's header that a site fills by templates where it has something for them.</summary>
internal sealed class UutTemplates
{
    public const string DefaultPurpose = "Production";

    private readonly Template? _fixture, _socket, _comment, _errorCode, _errorMessage;
    private readonly IReadOnlyDictionary<int, string> _messages;

    public UutTemplates(MappingOptions options, string key, List<string> findings)
    {
        Purpose = Template.Parse(options.Purpose, $"{key}.purpose", findings);
        if (LegalText.WhatIsWrong(options.Purpose) is { } wrong) findings.Add($"{key}.purpose: {wrong}");
        _fixture = Parse(options.FixtureId, "fixtureId");
        _socket = Parse(options.TestSocketIndex, "testSocketIndex");
        _comment = Parse(options.Comment, "comment");
        _errorCode = Parse(options.ErrorCode, "errorCode");
        _errorMessage = Parse(options.ErrorMessage, "errorMessage");
        _messages = options.ErrorMessages;
        foreach (var (code, text) in _messages)
            if (LegalText.WhatIsWrong(text) is { } what) findings.Add(FormattableString.Invariant($"{key}.errorMessages.{code}: {what}"));

        Template? Parse(string? text, string name) => text is null ? null : Template.Parse(text, $"{key}.{name}", findings);
    }

    public Template Purpose { get; }

    /// <summary>Adds what the templates give for a run.</summary>
    public WatsUut Fill(VteTestRun run, string site, string result, HeaderMapper header, ReportNotes notes, WatsUut uut)
    {
        if ((_fixture ?? _socket ?? _comment ?? _errorCode ?? _errorMessage) is null) return uut;
        var code = Whole(_errorCode, int.MinValue, int.MaxValue, "Error code");
        var known = code is { } number ? _messages.GetValueOrDefault(number) : null;
        var message = header.Fit(known ?? _errorMessage?.Render(run, site), WsjfLimits.ErrorMessage, "Error message");
        // WATS shows a code together with a message only, and a run that passed with code 0 had no error.
        if (known is null && code is null or 0 && (result == "P" || message is null)) (code, message) = (null, null);
        return uut with
        {
            Comment = header.Fit(_comment?.Render(run, site), WsjfLimits.Comment, "Comment"),
            ErrorCode = code,
            ErrorMessage = message ?? (code is null ? null : FormattableString.Invariant($"Error {code}")),
            FixtureId = header.Fit(_fixture?.Render(run, site), WsjfLimits.FixtureId, "Fixture"),
            TestSocketIndex = Whole(_socket, -1, WsjfLimits.TestSocketIndexMax, "Test socket"),
        };

        int? Whole(Template? template, int least, int most, string what)
        {
            if (template?.Render(run, site) is not { } text || string.IsNullOrWhiteSpace(text)) return null;
            if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            notes.Add(NoteRules.FieldLeftOut, ReportPath.Report,
                $"{what}: '{LegalText.Escape(text)}' is not a whole number from {least} to {most}, and was left out.");
            return null;
        }
    }
}
