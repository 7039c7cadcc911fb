namespace SmimeGateway.Mime.Tests.Hardening;

/// <summary>A MIME tree as a test builds it, which knows what its octets must be read as.</summary>
public abstract record Node
{
    /// <summary>The octets of the entity.</summary>
    public abstract byte[] Write();

    /// <summary>What <see cref="Hardening.Leaves.Of"/> must say of it.</summary>
    public abstract IReadOnlyList<string> Leaves(string place);
}
