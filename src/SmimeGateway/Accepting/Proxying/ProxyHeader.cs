using System.Net;

namespace SmimeGateway.Accepting.Proxying;

/// <summary>What a PROXY protocol header said.</summary>
/// <param name="Client">The client, or null where the balancer speaks for itself or does not know it.</param>
/// <param name="Length">How many octets the header has.</param>
internal readonly record struct ProxyHeader(IPEndPoint? Client, int Length);
