using VteWats.Core.Diagnostics;

namespace VteWats.Core.Configuration;

/// <summary>Asks a secret vault: vault (null for the default one), name. Null when the vault has no such secret.</summary>
public delegate Task<string?> SecretVault(string? vault, string name, CancellationToken ct);

/// <summary>Reads what a <see cref="SecretReference"/> points to, and has every value masked in logs and errors from then on.</summary>
public sealed class SecretReader
{
    private readonly SecretVault? _vault;

    /// <param name="vault">Answers <c>secret:</c> references; without it they cannot be read.</param>
    public SecretReader(SecretVault? vault = null) => _vault = vault;

    /// <summary>Reads one secret. White space around the content of a file is not part of it.</summary>
    /// <exception cref="VteWatsException"><c>SecretUnavailable</c>: nothing is there, or it cannot be read. Names the reference, never a
    /// value.</exception>
    public async Task<string> ReadAsync(string reference, CancellationToken ct)
    {
        var place = SecretReference.Parse(reference);
        var value = place.Kind switch
        {
            "env" => Environment.GetEnvironmentVariable(place.Location),
            "file" => await ReadFileAsync(place, ct).ConfigureAwait(false),
            _ when _vault is not null => await _vault(place.Vault, place.Name, ct).ConfigureAwait(false),
            _ => null,
        };
        value = value?.Trim();
        if (string.IsNullOrEmpty(value)) throw Unavailable(place, place.Kind switch
        {
            "env" => $"The environment variable {place.Location} is not set.",
            "file" => $"The file {place.Location} is empty.",
            _ => $"There is no secret {place.Name} in {(place.Vault is null ? "the default vault" : "the vault " + place.Vault)}.",
        });
        SecretMask.Add(value);
        return value;
    }

    private static async Task<string> ReadFileAsync(SecretReference place, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(place.Location, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(place, e is FileNotFoundException or DirectoryNotFoundException
                ? $"The file {place.Location} does not exist."
                : $"The file {place.Location} cannot be read: {e.Message}", e);
        }
    }

    private static VteWatsException Unavailable(SecretReference place, string why, Exception? inner = null) => new(
        ErrorKind.SecretUnavailable, $"The secret {place} is not available. {why}",
        "Put the secret there for the account that runs this, or change the reference in the configuration.", place.ToString(), inner);
}
