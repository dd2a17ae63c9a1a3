"""Facts and values on Apache Spark, for data beyond one machine: the same expressions over the same Parquet files."""

from fuxiao.datasets.spark.cluster import local_cluster
from fuxiao.datasets.spark.store import SparkStore, spark_store

__all__ = ["SparkStore", "local_cluster", "spark_store"]
