namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>Software of others that decrypts.</summary>
public interface IDecryptionJudge : IAsyncDisposable
{
    /// <summary>The name it has in the table of who reads what.</summary>
    string Name { get; }

    /// <summary>Decrypts all, in order, in as few processes as it can.</summary>
    Task<IReadOnlyList<Decryption>> DecryptAsync(IReadOnlyList<DecryptionCase> cases);
}
