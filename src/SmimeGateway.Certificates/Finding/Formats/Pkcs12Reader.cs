using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>
/// Reads PKCS #12 files (RFC 7292) with any number of certificates and keys. The password is proved by the file's own check, then the
/// certificates are read, and the keys wait for their first use. The framework's own loader opens every key at once, in a row, and refuses
/// the whole file for the sake of one key it does not know.
/// </summary>
internal static class Pkcs12Reader
{
    private const string Rewrite =
        "Rewrite it with: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW";

    /// <summary>Reads a file; whatever is wrong with it becomes a problem that names a remedy.</summary>
    public static FileReading<OwnCertificate> Read(string source, string path, ReadOnlyMemory<byte> file, string? password, FileNaming naming)
        => Open(source, path, file, naming, ref password, out var problem) is { } bags
            ? Pkcs12Match.Pair(source, path, bags, password)
            : FileReading<OwnCertificate>.Failed(problem!);

    /// <summary>Opens the parts of a file, but none of its keys; null with a problem when that fails.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="path">The file that a problem names.</param>
    /// <param name="file">Its content.</param>
    /// <param name="naming">How the configuration comes to it.</param>
    /// <param name="password">The password, or null; replaced by the one that fits where there is none, which is written in two ways.</param>
    /// <param name="problem">What is wrong, and what to do about it.</param>
    public static Pkcs12Bags? Open(
        string source, string path, ReadOnlyMemory<byte> file, FileNaming naming, ref string? password, out SourceProblem? problem)
    {
        problem = FindCut(file.Span) is { } cut ? new SourceProblem(source, path, cut, "Copy it again: it is not whole")
            : file.Span.IndexOf("-----BEGIN "u8) >= 0
                ? new SourceProblem(source, path, "it is a PEM file, and no PKCS #12 file", naming.TakeForPem())
            : null;
        if (problem is not null)
        {
            return null;
        }

        if (!Pkcs12Cost.IsAffordable(file, out var reason))
        {
            problem = new SourceProblem(source, path, reason, Rewrite);
            return null;
        }

        var bags = new Pkcs12Bags();
        try
        {
            var content = Pkcs12Info.Decode(file, out _, skipCopy: true);
            var isNamed = password is not null;
            if (!TryProve(content, ref password, out reason))
            {
                problem = new SourceProblem(source, path, reason, isNamed ? naming.CheckPassword(path) : naming.NamePassword(path));
                return null;
            }

            foreach (var part in content.AuthenticatedSafe)
            {
                if (!TryOpen(part, ref password, out reason))
                {
                    problem = new SourceProblem(source, path, reason, Rewrite);
                    return null;
                }

                bags.Add(part);
            }

            return bags;
        }
        catch (CryptographicException)
        {
            problem = new SourceProblem(source, path, "it is damaged, or protected in a way that is not supported", Rewrite);
            return null;
        }
    }

    /// <summary>What is missing of a file by the length that stands at the beginning of all DER; null where nothing is.</summary>
    public static string? FindCut(ReadOnlySpan<byte> file)
    {
        const int Sequence = 0x30;
        const int LongForm = 0x80;
        if (file.IsEmpty)
        {
            return "it is empty";
        }

        if (file.Length < 2 || file[0] != Sequence || file[1] <= LongForm || file[1] - LongForm > sizeof(int))
        {
            return null;
        }

        var digits = file[2..Math.Min(file.Length, 2 + file[1] - LongForm)];
        long whole = 0;
        foreach (var digit in digits)
        {
            whole = (whole << 8) | digit;
        }

        whole += 2 + file[1] - LongForm;
        return digits.Length < file[1] - LongForm || file.Length < whole ? $"it ends after {file.Length} octets of {whole}" : null;
    }

    private static bool TryProve(Pkcs12Info content, ref string? password, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        switch (content.IntegrityMode)
        {
            case Pkcs12IntegrityMode.None:
                return true;
            case Pkcs12IntegrityMode.Password when content.VerifyMac(password):
                return true;
            case Pkcs12IntegrityMode.Password when string.IsNullOrEmpty(password):
                // No password is written in two ways, and programs disagree about which.
                password = password is null ? "" : null;
                reason = content.VerifyMac(password) ? null : "it needs a password";
                return reason is null;
            case Pkcs12IntegrityMode.Password:
                reason = "the password is wrong";
                return false;
            default:
                reason = "it is protected by a public key, which is not supported";
                return false;
        }
    }

    private static bool TryOpen(Pkcs12SafeContents part, ref string? password, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        switch (part.ConfidentialityMode)
        {
            case Pkcs12ConfidentialityMode.None:
                return true;
            case Pkcs12ConfidentialityMode.Password:
                try
                {
                    part.Decrypt(password);
                    return true;
                }
                catch (CryptographicException)
                {
                    reason = "it cannot be opened with the given password, or its encryption is not supported";
                    return false;
                }

            default:
                reason = "it is encrypted to a public key, which is not supported";
                return false;
        }
    }
}
