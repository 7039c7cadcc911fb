namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>What a program made of an encrypted object.</summary>
/// <param name="Content">The content, or null if it could not read it.</param>
/// <param name="Said">Everything it said.</param>
public sealed record Decryption(byte[]? Content, string Said);
