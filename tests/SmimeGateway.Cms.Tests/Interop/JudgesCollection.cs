namespace SmimeGateway.Cms.Tests.Interop;

/// <summary>Tests that share the judges run one after the other.</summary>
[CollectionDefinition(Judges.Collection)]
public sealed class JudgesCollection : ICollectionFixture<Judges>;
