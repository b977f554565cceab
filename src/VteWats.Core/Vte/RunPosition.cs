namespace VteWats.Core.Vte;

/// <summary>A place in the order of a site's runs. Which of two ids comes first is the database's to say: SQL Server orders them in its own
/// way.</summary>
/// <param name="Timestamp"><c>IndexData.Timestamp</c> as stored: site-local time.</param>
/// <param name="Id"><c>IndexData.Index_GUID</c>.</param>
public sealed record RunPosition(DateTime Timestamp, Guid Id);
