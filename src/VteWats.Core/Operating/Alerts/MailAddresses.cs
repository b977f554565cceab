using MimeKit;

namespace VteWats.Core.Operating.Alerts;

/// <summary>Addresses of e-mail.</summary>
internal static class MailAddresses
{
    /// <summary>What is wrong with a text as an address; null when nothing is.</summary>
    public static string? WhatIsWrong(string text) =>
        MailboxAddress.TryParse(text, out var address) && address.Address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at < address.Address.Length - 1 ? null : $"'{text}' is not a valid mail address such as plant@example.com";
}
