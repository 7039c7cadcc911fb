using System.Security.Authentication;

namespace SmimeGateway.Smtp.Client.Authentication;

/// <summary>The exchange cannot go on. The message is a sentence without secrets. Stays inside the client.</summary>
internal sealed class SaslException(string message) : AuthenticationException(message);
